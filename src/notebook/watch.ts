// `watch` as a cell has it: src/notebook and what starts runs of its own, kept apart so that watching alone loads no engine.

import type { OpenOptions } from "../run/evolution.js";
import type { Run } from "../run/open.js";
import { ablate } from "../sweep/sweep.js";
import { watchAblation, watch as watchRun } from "./notebook.js";

export type AblationOptions = Omit<OpenOptions, "onEvent">;

export const watch = Object.assign(watchRun, {
  /**
   * The run beside variants of itself: parts of its method switched on and off, each variant trained from the same seed
   * in a folder beside the run's, with size, quality and the paired differences of every task. `options` are those that
   * variants are opened with, such as `tasks` that can't be loaded by name.
   */
  ablation: (run: Run, options: AblationOptions = {}): void =>
    watchAblation(run, (dir, changes) => ablate(dir, run, changes, options)),
});
