// Finds a person's own images for a sweep that has begun, even if they have moved since.

import { resolve } from "node:path";
import { imagesGone, unknownName } from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Task } from "../core/task.js";
import { checkSpecs, type LoadOptions, loadTask } from "../data/tasks.js";
import { readPlan } from "../sweep/read.js";

/** Loads the tasks of a sweep that has begun; if own images are gone, the error says how to name their new place. */
export async function loadAgain(
  dir: string,
  specs: readonly TaskSpec[],
  options: LoadOptions,
): Promise<Task[]> {
  checkSpecs(specs);
  const tasks: Task[] = [];
  for (const spec of specs)
    tasks.push(
      await loadTask(spec, options).catch((error: unknown) => {
        throw spec.images ? imagesGone(dir, spec.name, spec.images.path, error, "sweep") : error;
      }),
    );
  return tasks;
}

/** Throws if `tasks` names a task without own images in the sweep. */
export async function refuseUnknownImages(dir: string, tasks: readonly TaskName[]): Promise<void> {
  if (tasks.length === 0) return;
  const { plan } = await readPlan(dir);
  const own = new Set(
    plan.variants.flatMap(({ experiment }) =>
      experiment.tasks.flatMap(({ name, images }) => (images ? [name] : [])),
    ),
  );
  for (const task of tasks)
    if (!own.has(task)) throw unknownName("task", task, [...own], "with images of your own in this sweep");
}

/** The tasks with their own images where they are now. */
export const moved = (tasks: readonly TaskSpec[], paths: Readonly<Record<string, string>>): TaskSpec[] =>
  tasks.map((task) => {
    const path = paths[task.name];
    return path !== undefined && task.images
      ? { ...task, images: { ...task.images, path: resolve(path) } }
      : task;
  });
