// `watch` as cells use it, including the views that start runs; kept separate so that watching alone loads no engine.

import type { ProgrammeRun } from "../programme/programme-run.js";
import type { OpenOptions } from "../run/evolution.js";
import type { Run } from "../run/open.js";
import { ablate } from "../sweep/sweep.js";
import type { AblationChanges } from "../wire/ablation.js";
import { watchProgramme } from "./live-programme.js";
import { watchAblation, watch as watchRun } from "./notebook.js";

export interface AblationOptions extends Omit<OpenOptions, "onEvent"> {
  /** What the first variant changes, which starts at once; by the buttons of the panel where not given. */
  readonly variant?: AblationChanges;
}

export const watch = Object.assign(watchRun, {
  /**
   * The run beside variants of itself, with parts of its method switched on or off. Each variant is trained from the same
   * seed in a folder beside the run's; the panel shows size, quality and the paired differences of every task. `variant` is
   * selected at first; variants are opened with the other options, such as `tasks` that can't be loaded by name.
   */
  ablation: (run: Run, { variant, ...options }: AblationOptions = {}): void =>
    watchAblation(run, (dir, changes) => ablate(dir, run, changes, options), variant),
  /** A programme's segments and what is growing, and the live views of its system. */
  programme: (programme: ProgrammeRun): void => watchProgramme(programme),
});
