// Who may build on what: a private task's layers stay with the task, while it may use everything public. µ2Net §3.4. The
// rule is applied in two places on purpose: when seeds are listed, and to every layer of a plan.

import { privateLayer } from "./errors/index.js";
import type { TaskRecord } from "./event.js";
import type { Access, Layer, TaskName } from "./model.js";

/** Whether a model of task `owner` (null: the root) may be a parent for `task`. */
export function canRead(owner: TaskName | null, task: TaskName, tasks: readonly TaskRecord[]): boolean {
  if (owner === null || owner === task) return true;
  return accessByTask(tasks).get(owner) === "public";
}

const known = new WeakMap<readonly TaskRecord[], ReadonlyMap<TaskName, Access>>();

/** The access of each task; needed for every layer of every child, so it is computed once per list of tasks. */
function accessByTask(tasks: readonly TaskRecord[]): ReadonlyMap<TaskName, Access> {
  const there = known.get(tasks);
  if (there) return there;
  const access = new Map<TaskName, Access>();
  for (const task of tasks) if (!access.has(task.name)) access.set(task.name, task.access);
  known.set(tasks, access);
  return access;
}

/** `layer`, if its whole training history may be read by `task`; throws access/private-layer. */
export function readable(layer: Layer, task: TaskName, tasks: readonly TaskRecord[]): Layer {
  const secret = layer.history.find((span) => !canRead(span.task, task, tasks));
  if (secret) throw privateLayer(task, layer.id, secret.task);
  return layer;
}
