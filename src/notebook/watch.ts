// `watch` as a cell has it: src/notebook and what starts runs of its own, kept apart so that watching alone loads no engine.

import type { OpenOptions } from "../run/evolution.js";
import type { Run } from "../run/open.js";
import { ablate } from "../sweep/sweep.js";
import type { AblationChanges } from "../wire/ablation.js";
import { watchAblation, watch as watchRun } from "./notebook.js";

export interface AblationOptions extends Omit<OpenOptions, "onEvent"> {
  /** What the first variant changes, which starts at once; by the buttons of the panel where not given. */
  readonly variant?: AblationChanges;
}

export const watch = Object.assign(watchRun, {
  /**
   * The run beside variants of itself: parts of its method switched on and off, each variant trained from the same seed
   * in a folder beside the run's, with size, quality and the paired differences of every task. `variant` is pressed from
   * the beginning; the other options are those that variants are opened with, such as `tasks` that can't be loaded by name.
   */
  ablation: (run: Run, { variant, ...options }: AblationOptions = {}): void =>
    watchAblation(run, (dir, changes) => ablate(dir, run, changes, options), variant),
});
