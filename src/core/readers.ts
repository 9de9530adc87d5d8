// Who may build on what. What a model is made of counts with all its ancestors, so that nobody gets at a task's data through a
// third one. The rule is applied in two places on purpose: when seeds are listed, and to every layer of a plan. µ2Net §3.4.

import { admits, isPublic } from "./access.js";
import { privateLayer } from "./errors/index.js";
import type { TaskRecord } from "./event.js";
import type { Access, Layer, Model, TaskName } from "./model.js";
import type { State } from "./state.js";

/** Whether a model of task `owner` (null: the root) may be a parent for `task`, by that task's own access. */
export function canRead(owner: TaskName | null, task: TaskName, tasks: readonly TaskRecord[]): boolean {
  if (owner === null || owner === task) return true;
  return admits(accesses(tasks).byTask.get(owner) ?? "private", task);
}

/** Whether `task` may build on `model`: on its task, and on the tasks of all its ancestors. */
export function canBuildOn(
  model: Model,
  task: TaskName,
  { models, tasks }: Pick<State, "models" | "tasks">,
): boolean {
  if (accesses(tasks).isAllPublic) return true;
  for (let at: Model | undefined = model; at; at = at.parent === null ? undefined : models.get(at.parent))
    if (!canRead(at.task, task, tasks)) return false;
  return true;
}

interface Accesses {
  readonly byTask: ReadonlyMap<TaskName, Access>;
  readonly isAllPublic: boolean;
}

const known = new WeakMap<readonly TaskRecord[], Accesses>();

/** The access of each task; needed for every layer of every child, so it is computed once per list of tasks. */
function accesses(tasks: readonly TaskRecord[]): Accesses {
  const there = known.get(tasks);
  if (there) return there;
  const byTask = new Map<TaskName, Access>();
  for (const task of tasks) if (!byTask.has(task.name)) byTask.set(task.name, task.access);
  const made = { byTask, isAllPublic: [...byTask.values()].every(isPublic) };
  known.set(tasks, made);
  return made;
}

/** `layer`, if its whole training history may be read by `task`; throws access/private-layer. */
export function readable(layer: Layer, task: TaskName, tasks: readonly TaskRecord[]): Layer {
  const secret = layer.history.find((span) => !canRead(span.task, task, tasks));
  if (secret) throw privateLayer(task, layer.id, secret.task);
  return layer;
}
