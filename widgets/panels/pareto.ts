// Quality against size, and the scale factor between them: the slider re-scores the archive at once, in the browser, and
// says which model every task would keep and what it would share.

import { comparisonOf } from "../../src/analysis/compare.js";
import { candidatePoints, sweep } from "../../src/analysis/pareto.js";
import { methodsScene } from "../../src/figures/scenes/methods.js";
import { taskPaint } from "../../src/figures/scenes/palette.js";
import { candidateScene, sweepScene } from "../../src/figures/scenes/pareto.js";
import { paretoPicture } from "../../src/figures/scenes/pictures.js";
import { toSvg } from "../../src/figures/scenes/svg.js";
import { elide, shortNames } from "../../src/format/names.js";
import { formatList, formatParams, formatPercent, plural } from "../../src/format/numbers.js";
import {
  type Model,
  type Rescored,
  rescore,
  type Scoring,
  type State,
  scoringOf,
} from "../../src/wire/browser.js";
import { compared, type Panel, type RunClient } from "../client.js";
import { paretoCsv } from "../csv.js";
import { button, h, keepingFocus, nameText, setText } from "../dom.js";
import { themeOf } from "../theme.js";
import { swatch } from "./progress.js";
import { positionOf, scaleOf } from "./scale-slider.js";
import { sceneView } from "./scene-view.js";

/** Between two sweeps of a growing archive: so many milliseconds, and so many times what one takes. */
const SWEEP_EVERY = 1500;
const SWEEP_SHARE = 20;

/** The network of a state under all scale factors, when it was made and how long that took, in milliseconds. */
interface Sweep {
  readonly state: State;
  readonly at: number;
  readonly ms: number;
  readonly all: readonly Rescored[];
}

/** Without the slider where `hasSlider` is false. */
export function paretoPanel(runs: readonly RunClient[], { hasSlider = true } = {}): Panel {
  const [run] = runs;
  const slider = h("input", {
    class: "mulab-slider",
    attributes: {
      type: "range",
      min: 0,
      max: 100,
      step: 1,
      "aria-label": "Scale factor to re-score with",
      "data-lm-suppress-shortcuts": true,
    },
    on: { input: () => rescaleAll(scaleOf(slider.valueAsNumber)) },
  });
  const value = h("output", { class: "mulab-scale" });
  const reset = button("Reset", () => rescaleAll(null), {
    class: "mulab-button mulab-quiet",
    title: "Back to the run's own scale factor",
  });
  const control = h(
    "div",
    { class: "mulab-tools mulab-slide" },
    h("span", { text: "Scale factor" }),
    slider,
    value,
    reset,
  );
  const left = sceneView("Candidates by size and accuracy", (model) => run!.select(model));
  const right = sceneView("The network under scale factors", () => {});
  const said = h("p", { class: "mulab-note", attributes: { "aria-live": "polite" } });
  const legend = h("p", {
    class: "mulab-note",
    text: "Left: every candidate; the large ones are kept, a line is its task's front. Right: the whole network under each scale factor; the ring is where the slider is, filled points are on the front.",
  });
  const kept = h("div", { class: "mulab-scroll" });
  const pair = h("div", { class: "mulab-pair" }, ...(runs.length > 1 ? [] : [left.element]), right.element);
  const element = h(
    "section",
    { class: "mulab-pareto", attributes: { "aria-label": "Size and quality" } },
    hasSlider ? control : null,
    said,
    pair,
    runs.length > 1 ? null : legend,
    kept,
  );
  let swept: Sweep | undefined;
  let unmoved: { state: State; found: Rescored } | undefined;
  let drawn: unknown[] = [];
  let keptKey = "";

  const rescaleAll = (scale: number | null) => {
    for (const each of runs) each.rescale(scale);
  };

  const scoring = (each: RunClient): Scoring => ({
    ...scoringOf(each.state, each.head!.method),
    scaleFactor: each.scale ?? each.head!.method.scaleFactor,
  });

  function sweepOf(each: RunClient, own: Scoring): Sweep {
    const { state } = each;
    const now = performance.now();
    const isMoving = each.status === "running";
    if (
      !swept ||
      (swept.state !== state && (!isMoving || now - swept.at > Math.max(SWEEP_EVERY, SWEEP_SHARE * swept.ms)))
    ) {
      const all = sweep(state, own);
      swept = { state, at: now, ms: performance.now() - now, all };
    }
    return swept;
  }

  function update(): void {
    if (!runs.every(({ head }) => head)) return;
    const scale = run!.scale ?? run!.head!.method.scaleFactor;
    if (document.activeElement !== slider || scaleOf(slider.valueAsNumber) !== scale)
      slider.value = String(positionOf(scale));
    const isOwn = runs.length > 1 && run!.scale === null;
    setText(value, isOwn ? "each run's own" : String(scale));
    slider.setAttribute("aria-valuetext", isOwn ? "each run's own scale factor" : `scale factor ${scale}`);
    reset.disabled = run!.scale === null;
    const width = Math.max(360, Math.floor((element.clientWidth || 760) / 20) * 20);
    const now = [
      ...runs.flatMap(({ state, scale: own, selected, status }) => [
        state.models,
        state.retained,
        own,
        selected,
        status, // when a run has ended, a sweep that was put off is due
      ]),
      width,
    ];
    if (now.length === drawn.length && now.every((each, i) => each === drawn[i])) return;
    drawn = now;
    if (runs.length > 1) compare(width);
    else single(run!, width);
  }

  function single(each: RunClient, width: number): void {
    const { state } = each;
    const own = scoring(each);
    const rescored = rescore(state, own);
    const isEmpty = rescored.kept.length === 0;
    for (const part of [control, pair, legend, kept]) part.hidden = isEmpty;
    const half = width >= 760 ? Math.floor((width - 16) / 2) : width;
    const tasks = state.tasks.map(({ name }) => name);
    const key = `${drawKey(rescored)}/${half}/${each.scale}`;
    left.show(`${key}/${countCandidates(state)}/${state.forgettings.length}`, () =>
      candidateScene(candidatePoints(state, rescored), state.tasks, { width: half }),
    );
    const { all, at } = sweepOf(each, own);
    right.show(`${key}/${at}`, () => sweepScene(all, rescored, { width: half }));
    left.svg?.querySelectorAll<SVGElement>("[data-model]").forEach((node) => {
      node.classList.toggle("chosen", Number(node.dataset.model) === each.selected);
    });
    const { scaleFactor } = each.head!.method;
    // Every step of the slider asks for it, and it is the same until the run goes on.
    if (unmoved?.state !== state)
      unmoved = {
        state,
        found: own.scaleFactor === scaleFactor ? rescored : rescore(state, { ...own, scaleFactor }),
      };
    const was = unmoved.found;
    setText(
      said,
      isEmpty
        ? "No task has a candidate yet: size and quality are drawn when the first child was kept."
        : `Score = accuracy × s^(accounted parameters / ${formatParams(own.rootParams)}). ${each.scale === null ? "As the run keeps them" : `With s = ${each.scale}`}: mean validation accuracy ${formatPercent(rescored.meanAccuracy)}, ${formatParams(rescored.meanAccounted)} accounted parameters per task.`,
    );
    showKept(each, rescored, was, tasks);
  }

  function compare(width: number): void {
    const comparison = comparisonOf(compared(runs), run!.scale);
    const { points, again } = comparison;
    pair.hidden = points.length === 0;
    right.show(JSON.stringify([comparison, width]), () =>
      methodsScene(comparison, { width: Math.min(width, 860) }),
    );
    const counts = new Set(points.map(({ runs: count }) => count));
    const [each] = counts.size === 1 ? counts : [];
    const repeated = each === undefined || each === 1 ? "" : `, ${plural(each, "repetition")} a point`;
    const bars = each === 1 ? "" : " Bars are ± one standard deviation.";
    const rings =
      again.length > 0 ? ` Dashed rings: what the same runs would keep under s = ${run!.scale}.` : "";
    setText(
      said,
      points.length === 0
        ? "No run has a candidate yet: size and quality are drawn when the first child was kept."
        : `${plural(runs.length, "run")}${repeated}.${bars} Filled points are on the front.${rings}`,
    );
  }

  function showKept(
    each: RunClient,
    { kept: picks }: Rescored,
    was: Rescored,
    tasks: readonly string[],
  ): void {
    const key = JSON.stringify([
      picks.map(({ model, accountedParams, score }) => [
        model.id,
        model.accuracy,
        model.testAccuracy,
        accountedParams,
        score,
      ]),
      was.kept.map(({ task, model }) => [task, model.id]),
      tasks,
      each.selected,
      each.scale,
    ]);
    if (key === keptKey) return;
    keptKey = key;
    const names = shortNames(tasks);
    const short = (task: string) => elide(names[tasks.indexOf(task)] ?? task, 18);
    const rows = picks.map(({ task, model, accountedParams, score, sharedWith }) => {
      const before = was.kept.find((other) => other.task === task)?.model;
      const shared = sharedWith.filter((users) => users.length > 0).length;
      const withTasks = [...new Set(sharedWith.flat())];
      const cells: (Node | string)[] = [
        h("span", { class: "mulab-taskcell" }, swatch(taskPaint(tasks, task)), nameText(task)),
        h(
          "span",
          {},
          modelLink(each, model),
          before && before !== model
            ? h("span", { class: "mulab-changednote", text: ` instead of ${before.id}` })
            : null,
        ),
        h("strong", { text: formatPercent(model.accuracy) }), // what the score is made of
        formatPercent(model.testAccuracy),
        formatParams(accountedParams),
        score.toFixed(4),
        shared === 0
          ? "none"
          : h("span", {
              text: `${shared} of ${model.path.length} with ${formatList(withTasks.map(short))}`,
              title: formatList(withTasks),
            }),
      ];
      return h(
        "tr",
        model.id === each.selected ? { class: "mulab-chosen" } : {},
        ...cells.map((content, i) =>
          h(
            i === 0 ? "th" : "td",
            {
              class: i > 5 ? "mulab-words" : i > 1 ? "mulab-number" : "",
              ...(i === 0 && { attributes: { scope: "row" } }),
            },
            content,
          ),
        ),
      );
    });
    const titles = ["Task", "Would keep", "Validation", "Test", "Accounted", "Score", "Layers shared"];
    const table = h(
      "table",
      { class: "mulab-table mulab-wide" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ...titles.map((text, i) =>
            h("th", { text, class: i > 1 && i < 6 ? "mulab-number" : "", attributes: { scope: "col" } }),
          ),
        ),
      ),
      h("tbody", {}, ...rows),
    );
    keepingFocus(kept, () => kept.replaceChildren(table));
  }

  return {
    element,
    update,
    exports: {
      name: "size-and-quality",
      svg: () => toSvg(paretoPicture(compared(runs), run!.scale), { colors: themeOf(element) }),
      csv: () =>
        paretoCsv(
          runs.map((each) => ({
            run: each.head!.dir,
            method: each.head!.method.label.curve,
            seed: each.head!.experiment.seed,
            all: sweep(each.state, scoringOf(each.state, each.head!.method)),
          })),
        ),
    },
  };
}

const modelLink = (run: RunClient, model: Model): HTMLElement =>
  button(`model ${model.id}`, () => run.select(model.id), {
    class: "mulab-link",
    attributes: { "data-key": `model ${model.id}` },
  });

const drawKey = ({ kept }: Rescored): string =>
  JSON.stringify(kept.map(({ model, accountedParams }) => [model.id, accountedParams, model.testAccuracy]));

const countCandidates = (state: State): number =>
  state.models.reduce((count, { path }) => count + (path.length > 0 ? 1 : 0), 0);
