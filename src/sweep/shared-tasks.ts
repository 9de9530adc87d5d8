// The tasks that the points of a repetition share: loaded once, and let go before the next repetition's are.

import type { Experiment } from "../core/experiment.js";
import type { Task } from "../core/task.js";

export type LoadTasks = (experiment: Experiment) => Promise<readonly Task[]>;

/** `load` that remembers the tasks of the last seed; within a sweep nothing else changes them. */
export function sharing(load: LoadTasks): LoadTasks {
  let last: { readonly seed: number; readonly tasks: Promise<readonly Task[]> } | undefined;
  return (experiment) => {
    const { seed } = experiment;
    if (last?.seed !== seed) {
      last = undefined; // so that two repetitions are never in memory together
      const tasks = load(experiment);
      last = { seed, tasks };
      tasks.catch(() => {
        last = undefined; // it may be there the next time
      });
    }
    return last.tasks;
  };
}
