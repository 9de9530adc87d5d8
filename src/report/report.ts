// A run as one self-contained HTML file: tables, pictures and a small script, no network. It is made from the journal alone,
// so a run in progress has a report too.

import { architectureOf } from "../analysis/architecture.js";
import { lineageOf } from "../analysis/children.js";
import { childPoints, testPoints } from "../analysis/learning.js";
import { segmentRows } from "../analysis/segments.js";
import { summaryOf } from "../analysis/summary.js";
import { layerTransferCells, transferCells } from "../analysis/transfer.js";
import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { layerTransferSpec } from "../figures/charts/layers.js";
import { learningSpec } from "../figures/charts/learning.js";
import { transferSpec } from "../figures/charts/transfer.js";
import { architectureScene } from "../figures/scenes/architecture.js";
import { lineageScene } from "../figures/scenes/lineage.js";
import { layoutLineage } from "../figures/scenes/lineage-layout.js";
import { type Theme, taskChartLook } from "../figures/scenes/palette.js";
import { toSvg } from "../figures/scenes/svg.js";
import { segmentsView } from "../figures/tables/segments.js";
import { chanceLevels } from "../figures/vega/accuracy.js";
import { type Html, html, jsonText, svg } from "../format/html.js";
import { reportTable } from "../format/table-html.js";
import { detailsOf } from "./details.js";
import { figureCommand } from "./figure-command.js";
import { page } from "./page.js";
import { footer, headerSection, headline, type RunFacts, resultsSection, runSection } from "./sections.js";
import { storiesSection } from "./stories.js";
import { themedChart } from "./themed.js";

export { chartSvg } from "../figures/chart-svg.js";

/** What a report is made from, such as a `RunRecord`. `events` are the effective ones. */
export interface ReportRun {
  /** The run's folder, for the commands that make its figures again; none are shown where it is not given. */
  readonly dir?: string;
  readonly state: State;
  readonly experiment: Experiment;
  readonly events: readonly Event[];
  readonly wallMs?: number;
  readonly trainMs?: number;
  readonly digest?: string;
  readonly resumes?: number;
  /** Threads of the engine; runs of earlier versions don't say. */
  readonly threads?: number | undefined;
  readonly header?: Pick<RunFacts, "versions" | "device">;
}

/** The report of a run as one HTML file. */
export async function report(run: ReportRun): Promise<string> {
  const { state, experiment, events, wallMs = 0, trainMs = 0, digest = "", dir } = run;
  const summary = summaryOf(state, experiment, {
    wallSeconds: wallMs / 1000,
    trainSeconds: trainMs / 1000,
    digest,
  });
  const facts: RunFacts = {
    ...(run.resumes === undefined ? {} : { resumes: run.resumes }),
    ...run.header,
  };
  const isEmpty = state.models.length < 2;
  const body = html`${headerSection(state, experiment, summary)}
<main>
${resultsSection(state, summary)}
${!isEmpty && [architectureSection(state, dir), lineageSection(state, events, dir), storiesSection(state), await learningSection(state, events, dir), await transferSection(state, dir)]}
${state.extension.length > 0 && segmentsSection(run)}
${runSection(state, experiment, summary, facts)}
</main>
${footer}`;
  return page(headline(state, summary), body, state.tasks.length);
}

/** What each segment of a run that has grown brought and cost. */
function segmentsSection({ experiment, events, threads }: ReportRun): Html {
  const rows = segmentRows(experiment, events, threads);
  return html`<section aria-labelledby="segments"><h2 id="segments">Segments</h2>
${reportTable(segmentsView(rows), "table-segments")}</section>`;
}

function architectureSection(state: State, dir: string | undefined): Html | null {
  const architecture = architectureOf(state);
  if (architecture.tasks.length === 0) return null;
  const scene = architectureScene(architecture, { width: 900 });
  return html`<section aria-labelledby="architecture"><h2 id="architecture">Architecture</h2>
<p>Each task has a line from the image at the bottom to its head at the top, which shows its validation accuracy. A layer with several lines through it is shared; its colour says which task trained it last.</p>
<figure><div class="wide">${svg(toSvg(scene, { colors: "css", id: "architecture-scene" }))}</div>${figureCommand("architecture", dir)}</figure></section>`;
}

function lineageSection(state: State, events: readonly Event[], dir: string | undefined): Html {
  const lineage = lineageOf(state);
  const scene = lineageScene(lineage);
  const shown = layoutLineage(lineage).nodes.map(({ id }) => id);
  const details = detailsOf(state, events, shown);
  return html`<section aria-labelledby="lineage-title" id="lineage"><h2 id="lineage-title">Lineage</h2>
<p>Each column is a generation, each dot a child. A column starts with the children that today’s network descends from; the rest follow by validation accuracy. Lines lead to the parent.</p>
<figure><div class="wide">${svg(toSvg(scene, { colors: "css", id: "lineage-scene" }))}</div>${figureCommand("lineage", dir)}</figure>
<div id="model" aria-live="polite"><p>Point at a child to highlight its path to the root; choose it (click, or use Tab and arrow keys, then Enter) to see what changed, how it was trained and where its layers come from.</p></div>
<script type="application/json" id="model-data">${jsonText(details)}</script></section>`;
}

async function learningSection(
  state: State,
  events: readonly Event[],
  dir: string | undefined,
): Promise<Html | null> {
  const points = childPoints(state, events);
  if (points.length === 0) return null;
  const tests = testPoints(state);
  const chances = chanceLevels(
    state.tasks,
    points.map(({ task }) => task),
  );
  const look = lookOf(state);
  const chart = await themedChart("learning", (theme) =>
    learningSpec(points, tests, look(theme), { width: 900, chances }),
  );
  return html`<section aria-labelledby="learning"><h2 id="learning">Accuracy over time</h2>
<figure>${chart}<figcaption>Dots: best validation accuracy of every child (pale: discarded). Steps: the best kept so far for its task. Rings: test accuracy of today’s models, at the end of the activation that made them.</figcaption>${figureCommand("learning", dir)}</figure></section>`;
}

async function transferSection(state: State, dir: string | undefined): Promise<Html | null> {
  const cells = transferCells(state);
  if (cells.length === 0) return null;
  const layers = layerTransferCells(state);
  const look = lookOf(state);
  const models = await themedChart("transfer", (theme) => transferSpec(cells, look(theme)));
  const byLayer =
    state.tasks.length <= 6 &&
    (await themedChart("layers", (theme) => layerTransferSpec(layers, look(theme))));
  return html`<section aria-labelledby="transfer"><h2 id="transfer">Knowledge transfer</h2>
<p>Which tasks trained each model: the gradient steps of its layers by task, averaged over the layers that were trained at all (µ2Net §5.1).</p>
<figure>${models}${figureCommand("transfer", dir)}</figure>
${byLayer && html`<details${svg(state.tasks.length <= 4 ? " open" : "")}><summary>Layer by layer</summary><div class="wide">${byLayer}</div>${figureCommand("layers", dir)}</details>`}</section>`;
}

const lookOf = ({ tasks }: State) => {
  const names = tasks.map(({ name }) => name);
  return (theme: Theme) => taskChartLook(names, theme);
};
