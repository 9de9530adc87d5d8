// The tasks that the points of a repetition share: loaded once, and let go before others are.

import type { Experiment } from "../core/experiment.js";
import type { Task } from "../core/task.js";
import { canonicalJson } from "../run/digest.js";
import { taskOptions } from "../run/open.js";

export type LoadTasks = (experiment: Experiment) => Promise<readonly Task[]>;

/** `load` that remembers the tasks of the last experiment, for those that follow it with the same images. */
export function sharing(load: LoadTasks): LoadTasks {
  let last: { readonly images: string; readonly tasks: Promise<readonly Task[]> } | undefined;
  return (experiment) => {
    // A sweep's own variants differ in none of this, but an experiment of the user's among them may.
    const images = canonicalJson({ tasks: experiment.tasks, ...taskOptions(experiment) });
    if (last?.images !== images) {
      last = undefined; // so that two repetitions are never in memory together
      const tasks = load(experiment);
      last = { images, tasks };
      tasks.catch(() => {
        last = undefined; // it may be there the next time
      });
    }
    return last.tasks;
  };
}
