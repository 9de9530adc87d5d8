// The front of every task of a run, for those who choose a model: what `mulab table front` prints, as data.

import { frontsOfRun, type TaskFront } from "../analysis/front/task-fronts.js";
import { underFactor } from "../analysis/rescore.js";
import type { RunSource } from "./source.js";

export type { TaskFront } from "../analysis/front/task-fronts.js";
export { reasonText } from "../analysis/front/words.js";

export interface FrontOptions {
  /** In (0, 1]: as if the run had scored with it; the run's own where not given. */
  readonly scaleFactor?: number;
}

/**
 * Each task's candidates that no other betters in size and accuracy, the interval that selection leaves each, and why one
 * would choose it; `reasonText(point, front)` says it in words.
 */
export function frontOf({ state, experiment }: RunSource, { scaleFactor }: FrontOptions = {}): TaskFront[] {
  const { method, training } = experiment;
  return frontsOfRun(state, underFactor(method, scaleFactor ?? null), training);
}
