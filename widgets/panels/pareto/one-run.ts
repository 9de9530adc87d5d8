// Quality against size within a run: its candidates with a lasso, the network under scale factors, what each task would
// keep, and the reasons to choose a model on a front.

import { taskFront } from "../../../src/analysis/front/task-fronts.js";
import { type CandidatePoint, candidatePoints } from "../../../src/analysis/pareto.js";
import { candidateScene, sweepScene } from "../../../src/figures/scenes/pareto.js";
import { formatParams, formatPercent } from "../../../src/format/numbers.js";
import { type Rescored, rescore, type Scoring, type State, scoringOf } from "../../../src/wire/browser.js";
import type { RunClient } from "../../client.js";
import { h, setText } from "../../dom.js";
import { sceneView } from "../scene-view.js";
import { brush } from "./brush.js";
import { frontTable } from "./front-table.js";
import { keptTable } from "./kept-table.js";
import { lasso } from "./lasso.js";
import { scaleControl } from "./scale-control.js";
import { lazySweep } from "./sweeps.js";

const LEGEND =
  "Left: every candidate. Large points are kept, a line is a task's front, and a bar is the interval of an accuracy after selection. Right: the whole network under each scale factor. The ring is the slider's factor; filled points are on the front.";

/** The contents below the slider. */
export function oneRun(run: RunClient, { hasSlider }: { readonly hasSlider: boolean }) {
  const control = scaleControl((scale) => run.rescale(scale));
  const left = sceneView("Candidates by size and accuracy", (model) => run.select(model));
  const right = sceneView("The network under scale factors", () => {});
  const said = h("p", { class: "mulab-note", attributes: { "aria-live": "polite" } });
  const kept = keptTable(run);
  const fronts = frontTable(run, update);
  const picking = brush(run);
  lasso(left.element, (models) => run.brush(models.size > 0 ? models : null));
  const body = [
    h("div", { class: "mulab-pair" }, left.element, right.element),
    picking.element,
    h("p", { class: "mulab-note", text: LEGEND }),
    fronts.element,
    kept.element,
    picking.list,
  ];
  const element = h("div", {}, hasSlider ? control.element : null, said, ...body);
  const sweepOf = lazySweep();
  let unmoved: { state: State; found: Rescored } | undefined;
  let drawn: unknown[] = [];
  let pointed: { key: string; points: readonly CandidatePoint[] } | undefined;

  function scoring(): Scoring {
    const { state, head, scale } = run;
    return { ...scoringOf(state, head!.method), scaleFactor: scale ?? head!.method.scaleFactor };
  }

  function update(): void {
    const { state, head, scale, selected, brushed, status } = run;
    if (!head) return;
    control.show(scale ?? head.method.scaleFactor, { isMoved: scale !== null, scoring: scoring() });
    const width = Math.max(360, Math.floor((element.clientWidth || 760) / 20) * 20);
    // A sweep that was postponed is computed when the run has ended.
    const now = [state.models, state.retained, scale, selected, brushed, status, width, fronts.taskOf()];
    if (now.length === drawn.length && now.every((each, i) => each === drawn[i])) return;
    drawn = now;
    draw(width);
  }

  function draw(width: number): void {
    const { state, scale, selected, brushed, status, back } = run;
    const own = scoring();
    const rescored = rescore(state, own);
    const isEmpty = rescored.kept.length === 0;
    for (const part of [control.element, ...body]) if (part !== picking.list) part.hidden = isEmpty;
    setText(said, isEmpty ? NOTHING : summaryOf(rescored, scale));
    if (isEmpty) return;
    const half = width >= 760 ? Math.floor((width - 16) / 2) : width;
    const frame = back?.extent.places ?? [];
    const key = `${drawKey(rescored)}/${countCandidates(state)}/${state.forgettings.length}/${JSON.stringify(frame)}`;
    if (pointed?.key !== key) pointed = { key, points: candidatePoints(state, rescored) };
    const { points } = pointed;
    const task = fronts.taskOf();
    const front = task === undefined ? undefined : taskFront(state, task, run.head!, points);
    left.show(`${key}/${half}/${task}`, () =>
      // An interval would widen the axes, which are to be the same at every moment.
      candidateScene(points, state.tasks, { width: half, frame, chosen: back ? undefined : front }),
    );
    const { all, at } = sweepOf(state, own, status === "running");
    right.show(`${key}/${half}/${scale}/${at}`, () => sweepScene(all, rescored, { width: half, frame }));
    left.svg?.querySelectorAll<SVGElement>("[data-model]").forEach((node) => {
      const id = Number(node.dataset.model);
      node.classList.toggle("chosen", id === selected);
      node.classList.toggle("mulab-dim", brushed !== null && !brushed.has(id));
    });
    picking.show(points);
    fronts.show(front);
    kept.show(rescored, ownPicks(own, rescored));
  }

  /** What the run itself keeps, cached because every step of the slider needs it. */
  function ownPicks(own: Scoring, rescored: Rescored): Rescored {
    const { state, head } = run;
    const { scaleFactor } = head!.method;
    if (unmoved?.state !== state)
      unmoved = {
        state,
        found: own.scaleFactor === scaleFactor ? rescored : rescore(state, { ...own, scaleFactor }),
      };
    return unmoved.found;
  }

  return { element, update };
}

const NOTHING = "No task has a candidate yet: size and quality are drawn once the first child has been kept.";

const summaryOf = ({ meanAccuracy, meanAccounted }: Rescored, scale: number | null): string =>
  `${scale === null ? "As the run keeps them" : `With s = ${scale}`}: mean validation accuracy ${formatPercent(meanAccuracy)}, ${formatParams(meanAccounted)} accounted parameters per task.`;

const drawKey = ({ kept }: Rescored): string =>
  JSON.stringify(kept.map(({ model, accountedParams }) => [model.id, accountedParams, model.testAccuracy]));

const countCandidates = (state: State): number =>
  state.models.reduce((count, { path }) => count + (path.length > 0 ? 1 : 0), 0);
