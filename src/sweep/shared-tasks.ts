// Shares the tasks of a repetition's points: loads them once, and drops them before loading others.

import type { Experiment } from "../core/experiment.js";
import type { Task } from "../core/task.js";
import { canonicalJson } from "../run/digest.js";
import { taskOptions } from "../run/open.js";

export type LoadTasks = (experiment: Experiment) => Promise<readonly Task[]>;

/** `load` with a memory of the last experiment's tasks, for following experiments with the same images. */
export function sharing(load: LoadTasks): LoadTasks {
  let last: { readonly images: string; readonly tasks: Promise<readonly Task[]> } | undefined;
  return (experiment) => {
    // A sweep's standard variants differ in none of this, but a user's own experiment may.
    const images = canonicalJson({ tasks: experiment.tasks, ...taskOptions(experiment) });
    if (last?.images !== images) {
      last = undefined; // so that two repetitions are never in memory at once
      const tasks = load(experiment);
      last = { images, tasks };
      tasks.catch(() => {
        last = undefined; // it may succeed next time
      });
    }
    return last.tasks;
  };
}
