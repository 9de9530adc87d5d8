// A sweep: a folder in which every variant of an experiment is run, several times, one after another (muNet §3.1). Opening
// it starts or continues it. `ablate` runs one variant beside a run, to see the effect of one change.

import type { Experiment } from "../core/experiment.js";
import { loadTasks } from "../data/tasks.js";
import { type OpenOptions, open, type Run, taskOptions } from "../run/open.js";
import { type Changes, changed } from "./changes.js";
import { openSweepFolder } from "./folder.js";
import { chosenPoints, planSweep, type SweepRequest } from "./plan.js";
import { isSweep } from "./read.js";
import { hasPoint, Sweeping } from "./running.js";
import { sharing } from "./shared-tasks.js";
import type { SweepOptions, SweepRun } from "./sweep-run.js";
import { countsOf, trainCounts } from "./work.js";

export { type Changes, changed } from "./changes.js";
export {
  type Ablation,
  type PlannedPoint,
  planSweep,
  type SweepPlan,
  type SweepRequest,
} from "./plan.js";
export { exportSweep, readSweep } from "./read.js";
export type { Sweep, SweepFailure } from "./stored.js";
export type { SweepEvent, SweepListener, SweepOptions, SweepRun } from "./sweep-run.js";

/** Opens the sweep in `dir` and runs it: a new one of `request`, or the existing one from where it stopped. A request whose plan differs from the folder's is refused. Throws sweep/…, variant/unknown, baseline/unknown, run/locked,
 * task/…, data/…, store/….
 */
export async function sweep(
  dir: string,
  request?: SweepRequest,
  options: SweepOptions = {},
): Promise<SweepRun> {
  const plan = request && planSweep(request);
  const load = sharing(options.load ?? ((of) => loadTasks(of.tasks, taskOptions(of))));
  // Missing data is noticed before anything is written.
  if (plan && !(await isSweep(dir))) await load(chosenPoints(plan, options.only)[0]!.experiment);
  const folder = await openSweepFolder(dir, plan);
  try {
    const chosen = chosenPoints(folder.plan, options.only);
    const first = chosen.find((point) => !hasPoint(folder, point));
    const counts = first ? trainCounts(await load(first.experiment)) : countsOf(folder.points);
    return new Sweeping(folder, chosen, load, counts, options);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Runs in `dir` the experiment of `of`, from the same seed, with `changes`: the variant beside the run, for `watch.pareto([run, variant])`. If the folder has it already, it is continued or read. Throws as `open`, and
 * setting/unknown, hyperparameter/unknown, options/not-valid.
 */
export const ablate = (
  dir: string,
  of: Experiment | Pick<Run, "experiment">,
  changes: Changes,
  options: OpenOptions = {},
): Promise<Run> => open(dir, changed("experiment" in of ? of.experiment : of, changes), options);
