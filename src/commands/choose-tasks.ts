// The tasks that a new run or sweep is of: those that were named, else the experiment's own as far as this machine has them.

import type { Experiment } from "../core/experiment.js";
import { parseTasks } from "../data/task-list.js";
import { onAvailableTasks } from "../experiments/available.js";
import { dataProgress } from "./data-progress.js";

/** `experiment` on the tasks of --tasks, or on those that can be had; lines for people go to `stream`. Throws task/unknown, options/not-valid, data/checksum. */
export async function onTasks(
  experiment: Experiment,
  named: string | undefined,
  stream: NodeJS.WriteStream,
): Promise<Experiment> {
  if (named !== undefined) return { ...experiment, tasks: parseTasks(named, experiment.tasks) };
  const shown = dataProgress(stream);
  return onAvailableTasks(experiment, {
    onProgress: shown.show,
    onNote: (line) => {
      shown.end();
      stream.write(`${line}\n`);
    },
  }).finally(shown.end);
}
