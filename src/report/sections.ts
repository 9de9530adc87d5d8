// The sections of the report; report.ts assembles them.

import type { TaskResult } from "../analysis/accuracy.js";
import type { Summary } from "../analysis/summary.js";
import { accessText, isPublic } from "../core/access.js";
import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { taskPaint } from "../figures/scenes/palette.js";
import { px } from "../figures/scenes/scene.js";
import { type Html, html } from "../format/html.js";
import { classesText } from "../format/names.js";
import {
  formatCount,
  formatDuration,
  formatList,
  formatParams,
  formatPercent,
  plural,
} from "../format/numbers.js";
import { scoreText } from "../format/settings.js";
import { againText } from "./again.js";

/** A dot in a task's colour. */
const swatch = (tasks: readonly string[], task: string): Html =>
  html`<svg class="mark" viewBox="0 0 10 10" aria-hidden="true"><circle class="f-${taskPaint(tasks, task)}" cx="5" cy="5" r="5"/></svg>`;

const PADLOCK = html`<svg class="lock" width="11" height="12" viewBox="0 0 10 12" role="img" aria-label="private"><title>private</title><path class="s-muted" d="M2.2 5.5V3.6a2.8 2.8 0 0 1 5.6 0V5.5" fill="none" stroke-width="1.5"/><rect class="f-muted" x=".5" y="5.2" width="9" height="6.6" rx="1.4"/></svg>`;

/** What was evolved, on what, and with which result, in one sentence. */
export function headline(state: State, summary: Summary): string {
  const done = summary.tasks.filter((task) => task.validationAccuracy !== null);
  const results = done.map(({ task, testAccuracy, validationAccuracy }) =>
    testAccuracy === null
      ? `${formatPercent(validationAccuracy)} (validation) on ${task}`
      : `${formatPercent(testAccuracy)} on ${task}`,
  );
  const what = `One multitask network for ${plural(summary.tasks.length, "task")}`;
  const how = `evolved over ${plural(summary.children, "child", "children")}`;
  if (done.length === 0) return `${what}: ${how} so far, none of them retained yet`;
  const so = state.ended ? "" : " so far";
  if (done.length <= 4) return `${what}, ${how}${so}, reaches ${formatList(results)}`;
  const accuracies = done.map((task) => task.testAccuracy ?? task.validationAccuracy ?? 0);
  const mean = accuracies.reduce((a, b) => a + b, 0) / accuracies.length;
  return `${what}, ${how}${so}, reaches ${formatPercent(mean)} on average over ${done.length} tasks`;
}

/** The header of the page. */
export function headerSection(state: State, experiment: Experiment, summary: Summary): Html {
  const { tasks } = summary;
  const separate = tasks.reduce((sum, t) => sum + (t.ownParams ?? 0) + (t.sharedParams ?? 0), 0);
  const saved = separate > 0 ? 1 - summary.systemParams / separate : 0;
  const facts: [string, string][] = [
    ["children", formatCount(summary.children)],
    ["examples trained", formatCount(summary.examplesTrained)],
    ...(summary.wallSeconds > 0
      ? [["wall time", formatDuration(summary.wallSeconds)] as [string, string]]
      : []),
    ["parameters, all tasks", formatParams(summary.systemParams)],
    ...(tasks.length > 1 && saved > 0.0005
      ? [["saved by sharing", formatPercent(saved)] as [string, string]]
      : []),
    ...summary.tasks.flatMap(({ task, classNames }): [string, string][] =>
      classNames ? [[`classes of ${task}`, classesText(classNames, 2000)]] : [],
    ),
    ["seed", String(summary.seed)],
  ];
  return html`<header>
<p class="kicker">${experiment.title} · ${experiment.source}${state.ended ? "" : " · not ended yet"}</p>
<h1>${headline(state, summary)}.</h1>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>`;
}

/** The accuracy table. */
export function resultsSection(state: State, summary: Summary): Html {
  const names = state.tasks.map(({ name }) => name);
  const row = (t: TaskResult) => html`<tr>
<th scope="row"><span class="task">${swatch(names, t.task)}<span>${t.task}</span>${!isPublic(t.access) && PADLOCK}</span></th>
<td class="n big">${formatPercent(t.testAccuracy)}</td>
<td class="n">${formatPercent(t.validationAccuracy)}</td>
<td class="n">${t.blocks ?? "–"}</td>
<td class="n">${formatParams(t.ownParams)}</td>
<td class="n">${formatParams(t.sharedParams)}</td>
<td class="n">${formatParams(t.accountedParams)}</td>
<td>${shareBar(names, t)}</td></tr>`;
  return html`<section aria-labelledby="results"><h2 id="results">Results</h2>
<div class="wide"><table>
<thead><tr><th scope="col">task</th><th scope="col" class="n">test</th><th scope="col" class="n">validation</th><th scope="col" class="n">blocks</th><th scope="col" class="n">own<br>parameters</th><th scope="col" class="n">shared<br>parameters</th><th scope="col" class="n">accounted<br>parameters</th><th scope="col">trained on</th></tr></thead>
<tbody>${summary.tasks.map(row)}</tbody></table></div>
<p class="kicker">Validation accuracy chose the models; test accuracy was measured once, on the whole test split, afterwards. Accounted: each layer's parameters divided by the number of tasks that use it (muNet eq. 3).</p>
</section>`;
}

/** The gradient steps behind a model by task, as a bar. */
function shareBar(names: readonly string[], { transfer }: TaskResult): Html {
  const shares = names.flatMap((name) => (transfer[name] ? [{ name, share: transfer[name] }] : []));
  const label =
    shares.map(({ name, share }) => `${name} ${formatPercent(share)}`).join(", ") || "not trained";
  let at = 0;
  const bars = shares.map(({ name, share }) => {
    const x = at;
    at += 120 * share;
    return html`<rect class="f-${taskPaint(names, name)}" x="${px(x)}" y="0" width="${px(Math.max(0, 120 * share - 1))}" height="11"/>`;
  });
  return html`<svg width="120" height="11" viewBox="0 0 120 11" role="img" aria-label="${label}"><title>${label}</title>${bars}</svg>`;
}

export interface RunFacts {
  readonly resumes?: number;
  readonly versions?: Readonly<Record<string, string>>;
  readonly device?: string;
}

/** How the run was made, so that it can be reproduced. */
export function runSection(
  state: State,
  experiment: Experiment,
  summary: Summary,
  { resumes, versions, device }: RunFacts,
): Html {
  const { method, training } = experiment;
  const { root } = experiment;
  const rows: [string, string | Html][] = [
    ["experiment", html`${experiment.name}: ${experiment.title} (${experiment.source})`],
    ["method", `${method.name}, ${scoreText(method)}`],
    [
      "root",
      `${root.backbone.name}, ${root.kind === "random" ? "random weights" : `${root.file} (${root.origin}), sha256 ${root.sha256.slice(0, 8)}…`}, ${plural(root.blocks, "block")}, ${method.defaults.imageSize} px`,
    ],
    [
      "budget",
      `${experiment.budget}: ${plural(experiment.iterations, "iteration")} × ${plural(experiment.tasks.length, "task")} × ${plural(experiment.generations, "generation")} × ${plural(experiment.children, "child", "children")}, ${plural(training.cycles, "validation")} per child, batches of ${training.batchSize}${state.extension.length > 0 ? "; then extended, see Segments" : ""}`,
    ],
    [
      "tasks",
      formatList(
        state.tasks.map(
          (t) =>
            `${t.name} (${t.source}, ${formatCount(t.train)} / ${formatCount(t.validation)} / ${formatCount(t.test)} images, ${accessText(t.access)})`,
        ),
      ),
    ],
    ["seed", String(summary.seed)],
    ...(summary.wallSeconds > 0
      ? [
          [
            "time",
            `${formatDuration(summary.wallSeconds)} wall, ${formatDuration(summary.trainSeconds)} of it training and validating`,
          ] as [string, string],
        ]
      : []),
    ...(resumes === undefined
      ? []
      : [
          [
            "interruptions",
            resumes === 0 ? "none" : `resumed ${resumes === 1 ? "once" : `${resumes} times`}`,
          ] as [string, string],
        ]),
    ...(device ? [["device", device] as [string, string]] : []),
    ...(versions
      ? [
          [
            "versions",
            Object.entries(versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(", "),
          ] as [string, string],
        ]
      : []),
    ...(summary.digest ? [["digest", html`<code>${summary.digest}</code>`] as [string, Html]] : []),
    ["again", againText(state, experiment)],
  ];
  return html`<section aria-labelledby="how"><h2 id="how">How it was run</h2>
<dl class="run">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}

/** Where the method is described. */
export const footer = html`<footer>Method: <a href="https://arxiv.org/abs/2205.12755">µ2Net, “An Evolutionary Approach to Dynamic Introduction of Tasks in Large-scale Multitask Learning Systems”</a> and <a href="https://arxiv.org/abs/2205.10937">muNet, “muNet: Evolving Pretrained Deep Neural Networks into Scalable Auto-tuning Multitask Systems”</a>, A. Gesmundo and J. Dean, 2022. Made by mulab; this file loads nothing from anywhere.</footer>`;
