// What an evolver cell's experiment needs before it begins: tasks that this machine has, and its root.

import { withRoot } from "../../commands/choose-root.js";
import { onTasks } from "../../commands/choose-tasks.js";
import type { Experiment } from "../../core/experiment.js";
import type { EvolveCell } from "./parse.js";

/** The cell's experiment on the tasks that it names, else on those that can be had, and with its root, which may be pretrained first; lines under the cell say so. Throws root/… */
export async function rooted({
  experiment,
  namesTasks,
  root,
  threads,
  memory,
}: EvolveCell): Promise<Experiment> {
  const chosen = namesTasks ? experiment : await onTasks(experiment, undefined, process.stdout);
  return withRoot(
    chosen,
    { ...(root !== undefined && { root }), ...(threads && { threads }), ...(memory && { memory }) },
    process.stdout,
  );
}
