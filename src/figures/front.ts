// The front of every task of a run as data, which `mulab table front` prints.

import { frontsOfRun, type TaskFront } from "../analysis/front/task-fronts.js";
import type { RunSource } from "./source.js";

export type { TaskFront } from "../analysis/front/task-fronts.js";
export { reasonText } from "../analysis/front/words.js";

export interface FrontOptions {
  /** In (0, 1], as if the run had scored with it; by default the run's own. */
  readonly scaleFactor?: number;
}

/**
 * The candidates of each task that no other one dominates in size and accuracy, each with its interval after selection and
 * the reasons to choose it; `reasonText(point, front)` puts the reasons into words.
 */
export function frontOf({ state, experiment }: RunSource, { scaleFactor }: FrontOptions = {}): TaskFront[] {
  const { method, training } = experiment;
  return frontsOfRun(state, scaleFactor === undefined ? method : { ...method, scaleFactor }, training);
}
