// The pictures by name, for drawing without a browser: those stored beside a widget in a notebook's file, and those that a
// view saves.

import { type Architecture, architectureOf } from "../../analysis/architecture.js";
import { lineageOf } from "../../analysis/children.js";
import { type ComparedRun, comparisonOf } from "../../analysis/compare.js";
import { curvePoints } from "../../analysis/curve-points.js";
import type { RunExtent } from "../../analysis/moments.js";
import { candidatePoints, sweep } from "../../analysis/pareto.js";
import { rescore, scoringOf, underFactor } from "../../analysis/rescore.js";
import { survivorsOf } from "../../analysis/survivors.js";
import type { State } from "../../core/state.js";
import { accuracyScene, comparedScene } from "./accuracy.js";
import { architectureScene } from "./architecture.js";
import { comparedRunsScene } from "./compared-runs.js";
import { curvesScene } from "./curves.js";
import { differencesScene } from "./differences.js";
import { lineageScene } from "./lineage.js";
import { methodsScene } from "./methods.js";
import { candidateScene, sweepScene } from "./pareto.js";
import type { PicturedRun } from "./pictured-run.js";
import { progressScene } from "./progress.js";
import { clip, type Scene } from "./scene.js";
import { beside, stack, titled } from "./stack.js";
import { framedRows, heatScene, layerRows, modelRows } from "./transfer.js";

export type PictureName =
  | "dashboard"
  | "progress"
  | "lineage"
  | "architecture"
  | "transfer"
  | "pareto"
  | "accuracy"
  | "learning"
  | "compare"
  | "ablation";

/** Most nodes of a still lineage before it folds, and the activations that it shows after that. */
const MOST = 250;
const MOST_ACTIVATIONS = 30;
/** Most models whose layers are all shown. */
const DETAILED = 4;

/** A view of a run at one moment, everything where it is in the whole; undefined where there is nothing to see yet. */
export function momentScene(
  name: "lineage" | "architecture" | "transfer" | "pareto",
  run: ComparedRun,
  { whole, extent, width }: { readonly whole: State; readonly extent: RunExtent; readonly width: number },
): Scene | undefined {
  const { state } = run;
  switch (name) {
    case "lineage":
      return lineageScene(lineageOf(state), {
        whole: lineageOf(whole),
        focus: extent.retained,
        mostNodes: MOST,
        mostActivations: MOST_ACTIVATIONS,
      });
    case "architecture":
      return hasModels(run) ? architectureScene(architectureOf(state), { frame: extent }) : undefined;
    case "transfer":
      return hasModels(run) ? momentTransfer(state, extent, width) : undefined;
    case "pareto":
      return hasCandidates(run) ? paretoPicture([run], null, extent.places) : undefined;
  }
  return name satisfies never;
}

/** Tasks by tasks alone: layers in a film are too small to be read. */
const momentTransfer = (state: State, { tasks }: RunExtent, width: number): Scene =>
  heatScene(
    framedRows(state, survivorsOf(state), null, tasks),
    state.tasks.map(({ name }) => name),
    { title: "Knowledge transfer between tasks", rowsTitle: "model of", width },
  );

/** A still picture of `runs`; undefined if there is nothing to see yet. */
export function pictureScene(name: PictureName, runs: readonly PicturedRun[]): Scene | undefined {
  const [run] = runs;
  if (!run) return undefined;
  const { state, head } = run;
  switch (name) {
    case "dashboard":
      return stack(head.experiment.title, dashboardScenes(run));
    case "progress":
      return progressScene(run);
    case "lineage":
      return state.models.length > 0 ? lineagePicture(run) : undefined;
    case "architecture":
      return hasModels(run) ? architecturePicture(architectureOf(state)) : undefined;
    case "transfer":
      return hasModels(run) ? transferPicture(run) : undefined;
    case "pareto":
      return runs.some(hasCandidates) ? paretoPicture(runs) : undefined;
    case "accuracy":
      return runs.length > 1 ? comparedScene(runs) : accuracyScene(state, head.method);
    case "learning": {
      const points = curvePoints(state, "children");
      const tasks = state.tasks.map(({ name }) => name);
      return points.length > 0 ? curvesScene(points, tasks, { time: "children" }) : undefined;
    }
    case "compare":
      return runs.length > 1 ? comparedRunsScene(runs) : accuracyScene(state, head.method);
    case "ablation":
      return stack(`${head.experiment.title} and its variants`, [
        ...(runs.some(hasCandidates) ? [paretoPicture(runs)] : []),
        titled(differencesScene(runs)),
      ]);
  }
  return name satisfies never;
}

const hasModels = ({ state }: ComparedRun): boolean => Object.keys(state.retained).length > 0;
const hasCandidates = ({ state }: ComparedRun): boolean =>
  state.models.some(({ task, path }) => task !== null && path.length > 0);

/** Every view of a run that has something to show. */
function dashboardScenes(run: PicturedRun): Scene[] {
  const names = ["lineage", "accuracy", "architecture", "transfer", "pareto"] as const;
  const views = names.flatMap((name) => pictureScene(name, [run]) ?? []);
  return [progressScene(run), ...views.map(titled)];
}

const lineagePicture = ({ state }: ComparedRun): Scene =>
  lineageScene(lineageOf(state), { mostNodes: MOST, mostActivations: MOST_ACTIVATIONS });

const architecturePicture = (architecture: Architecture): Scene => architectureScene(architecture);

/** Tasks by tasks and, if there are few retained models, the layers of each below it. */
export function transferPicture({ state }: Pick<ComparedRun, "state">): Scene {
  const tasks = state.tasks.map(({ name }) => name);
  const models = tasks.flatMap((name) => state.models.get(state.retained[name] ?? -1) ?? []);
  const summary = heatScene(modelRows(state, models, null), tasks, {
    title: "Knowledge transfer between tasks",
    rowsTitle: "model of",
    width: 640,
  });
  const layers = models.slice(0, DETAILED).map((model) =>
    titled(
      heatScene(layerRows(model), tasks, {
        title: `Layers of model ${model.id} (${clip(model.task ?? "", 40)})`,
        rowsTitle: "layer",
        width: 480,
      }),
    ),
  );
  if (models.length > DETAILED) return summary;
  return stack(summary.title, [summary, ...pairs(layers)]);
}

/** Scenes in rows of two. */
const pairs = (scenes: readonly Scene[]): Scene[] =>
  scenes.flatMap((_, i) => (i % 2 === 0 ? [beside("Layers", scenes.slice(i, i + 2))] : []));

/** Candidates and scale factors of one run, or several runs by method. */
export function paretoPicture(
  runs: readonly ComparedRun[],
  scale: number | null = null,
  frame: RunExtent["places"] = [],
): Scene {
  if (runs.length > 1) return methodsScene(comparisonOf(runs, scale));
  const { state, head } = runs[0]!;
  const scoring = underFactor(scoringOf(state, head.method), scale);
  const rescored = rescore(state, scoring);
  return beside("Size and quality", [
    candidateScene(candidatePoints(state, rescored), state.tasks, { frame }),
    sweepScene(sweep(state, scoring), rescored, { frame }),
  ]);
}
