// Every model of a run builds on its root, so the root must not have been trained on the images of a private task.

import { privateRoot, privateRootImages } from "../core/errors/index.js";
import { type Experiment, pretrainingTask, type RootSpec, type TaskSpec } from "../core/experiment.js";
import type { Task } from "../core/task.js";
import { hasImageOf } from "../data/prints.js";
import { loadTask } from "../data/tasks.js";
import { taskOptions } from "./task-options.js";

/** Throws access/private-root if the root was trained on one of `tasks` that is private. */
export function refusePrivateRoot(root: RootSpec, tasks: readonly Pick<TaskSpec, "name" | "access">[]): void {
  const made = pretrainingTask(root);
  const secret = tasks.find(({ name, access }) => name === made && access === "private");
  if (secret && root.kind === "checkpoint") throw privateRoot(root.file, secret.name);
}

/** The same check on its images, whatever the task is called. Returns the tasks that are loaded now: those of `given` and, if the root records what it was trained on, the private ones. Throws access/private-root, task/…, data/….
 */
export async function refusePrivateImages(
  experiment: Pick<Experiment, "root" | "tasks" | "seed" | "validationFraction" | "limit">,
  given: readonly Task[] = [],
): Promise<readonly Task[]> {
  const { root, tasks } = experiment;
  if (root.kind !== "checkpoint" || !root.trainedOn || root.trainedOn.images.length === 0) return given;
  const loaded = [...given];
  for (const spec of tasks.filter(({ access }) => access === "private")) {
    let task = given.find(({ name }) => name === spec.name);
    if (!task) {
      task = await loadTask(spec, taskOptions(experiment));
      loaded.push(task);
    }
    if (await hasImageOf(task.splits, root.trainedOn.images))
      throw privateRootImages(root.file, task.name, root.trainedOn.task);
  }
  return loaded;
}
