// A recorded run as its still pictures need it.

import { startProgress, stepProgress } from "../../../src/analysis/progress.js";
import type { PicturedRun } from "../../../src/figures/scenes/pictured-run.js";
import type { PictureName } from "../../../src/figures/scenes/pictures.js";
import type { RunSource } from "../../../src/figures/source.js";
import { headOf } from "../../../src/wire/head.js";

/** The pictures of one run. */
export const RUN_PICTURES: readonly PictureName[] = [
  "progress",
  "lineage",
  "architecture",
  "transfer",
  "pareto",
  "accuracy",
  "dashboard",
];

export function picturedSample({ state, experiment, events }: RunSource, name: string): PicturedRun {
  const progress = stepProgress(startProgress(experiment), events.at(-1)!, state, experiment);
  return {
    head: headOf(`runs/${name}`, experiment),
    state,
    status: state.ended ? "ended" : "running",
    progress,
  };
}
