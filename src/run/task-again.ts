// A task of a run, loaded again: the same images, split in the same way.

import { dataChanged, imagesGone, taskNotGiven, unknownName } from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Task } from "../core/task.js";
import { isTaskName } from "../data/catalog/catalog.js";
import { type LoadOptions, loadTask } from "../data/tasks.js";
import type { OpenOptions } from "./evolution.js";
import { imagesOf } from "./needed-tasks.js";
import type { RunRecord } from "./record.js";
import { splitsOf } from "./task-options.js";

/** How to find the images of tasks again. */
export type AgainOptions = Pick<OpenOptions, "tasks" | "images"> & Pick<LoadOptions, "onProgress">;

type OfRun = Pick<RunRecord, "dir" | "experiment" | "state" | "images" | "events">;

/** The task `name` as the run loads it: its access, its augmentations, and the place of its images. Throws task/unknown. */
export function specAgain({ experiment, state, images: told }: OfRun, name: TaskName, moved = {}): TaskSpec {
  const record = state.tasks.find((task) => task.name === name);
  if (!record)
    throw unknownName(
      "task",
      name,
      state.tasks.map((task) => task.name),
      "in this run",
    );
  const { access, keeps } = record;
  const images = imagesOf(experiment, told, moved).get(name);
  return { name, access, ...(keeps && { keeps }), ...(images && { images }) };
}

/**
 * The images of task `name` as the run trained and tested on them. Throws task/unknown, run/task-not-given, run/images-gone,
 * run/data-changed, task/data-missing, data/….
 */
export async function taskAgain(
  run: OfRun,
  name: TaskName,
  { tasks = [], images = {}, onProgress }: AgainOptions = {},
  command = "mulab resume",
): Promise<Task> {
  const spec = specAgain(run, name, images);
  const given = tasks.find((task) => task.name === name);
  if (!given && !spec.images && !isTaskName(name)) throw taskNotGiven(name);
  const task =
    given ??
    (await loadTask(spec, {
      ...splitsOf(run.experiment, run.events, name),
      onProgress,
    }).catch((error: unknown) => {
      throw spec.images ? imagesGone(run.dir, name, spec.images.path, error, "run", command) : error;
    }));
  const { fingerprint } = run.state.tasks.find((record) => record.name === name)!;
  if (task.fingerprint !== fingerprint) throw dataChanged(name, task.fingerprint, fingerprint);
  return task;
}
