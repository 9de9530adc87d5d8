// The tasks that the rest of a run still needs.

import { resolve } from "node:path";
import { accessText, sameAccess } from "../core/access.js";
import { imagesGone, taskNotGiven, unknownName, valueNotValid } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import { type Experiment, scheduleOf, type TaskSpec } from "../core/experiment.js";
import { retainedModels } from "../core/live.js";
import type { TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import type { OwnImages, Task } from "../core/task.js";
import { isTaskName } from "../data/catalog/catalog.js";
import { checkSpecs, loadTask } from "../data/tasks.js";
import type { OpenOptions } from "./evolution.js";
import { refuseUnsound } from "./refused-tasks.js";
import type { Tally } from "./tally.js";
import { splitsOf } from "./task-options.js";

interface Past {
  readonly state: State;
  readonly images: Tally["images"];
  /** All events of a run into which another one was merged; of others none are needed. */
  readonly events: readonly Event[];
}

/** The tasks on which the rest of the run trains or tests from `state` on, a boundary: the given ones, and the others loaded. */
export async function needed(
  dir: string,
  { state, images: told, events }: Past,
  experiment: Experiment,
  { tasks: given = [], images = {} }: OpenOptions,
): Promise<Task[]> {
  const untested = retainedModels(state).flatMap((m) =>
    m.task !== null && m.testAccuracy === null ? [m.task] : [],
  );
  const coming = scheduleOf(experiment, state).slice(state.activations);
  const begun = state.tasks.length > 0;
  const names = new Set([
    ...(begun ? [] : experiment.tasks.map((task) => task.name)),
    ...coming,
    ...untested,
  ]);
  const known = imagesOf(experiment, told, images);
  const specs = [...state.tasks, ...experiment.tasks]
    .filter(({ name }, i, all) => names.has(name) && all.findIndex((task) => task.name === name) === i)
    .map(({ name, access, keeps }): TaskSpec => {
      const own = known.get(name);
      return { name, access, ...(keeps && { keeps }), ...(own && { images: own }) };
    });
  // The first of its name: an extension's own come before those that were passed beside them.
  const used = given.filter(
    ({ name }, i) => names.has(name) && given.findIndex((task) => task.name === name) === i,
  );
  refuseUnsound(used);
  for (const { name, access } of used) {
    const asked = specs.find((spec) => spec.name === name)!.access;
    if (!sameAccess(access, asked))
      throw valueNotValid(
        `The access of task "${name}"`,
        accessText(access),
        `${accessText(asked)}, as the run has it`,
      );
  }
  const missing = specs.filter(({ name }) => !used.some((task) => task.name === name));
  for (const { name, images } of missing) if (begun && !images && !isTaskName(name)) throw taskNotGiven(name);
  checkSpecs(missing);
  const loaded: Task[] = [];
  for (const spec of missing)
    loaded.push(
      await loadTask(spec, splitsOf(experiment, events, spec.name)).catch((error: unknown) => {
        throw begun && spec.images ? imagesGone(dir, spec.name, spec.images.path, error) : error;
      }),
    );
  return [...used, ...loaded];
}

/** Where the own images of a run's tasks are: as given at its start, or as `told` by later events, unless they have moved. */
export function imagesOf(
  experiment: Pick<Experiment, "tasks">,
  told: Tally["images"],
  moved: Readonly<Record<TaskName, string>>,
): ReadonlyMap<TaskName, OwnImages> {
  const known = new Map(experiment.tasks.flatMap(({ name, images }) => (images ? [[name, images]] : [])));
  for (const [name, images] of Object.entries(told)) known.set(name, images);
  for (const [name, path] of Object.entries(moved)) {
    const images = known.get(name);
    if (!images) throw unknownName("task", name, [...known.keys()], "with images of your own in this run");
    known.set(name, { ...images, path: resolve(path) });
  }
  return known;
}
