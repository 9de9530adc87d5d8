// The surviving models and the layers that they use: the basis of the tables. Unlike in core/state, a survivor still counts
// while its task is active again, so that a run in progress has a full table too.

import { ROOT } from "../core/layer-users.js";
import type { Layer, LayerId, Model, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";

/** Each task's retained model, in the order of the tasks; tasks without one are left out. */
export const survivorsOf = (state: State): Model[] =>
  state.tasks.flatMap(({ name }) => {
    const id = state.retained[name];
    return id === undefined ? [] : [state.models.get(id)!];
  });

/** `model` and its ancestors up to the first of another task, oldest first. */
export function sameTaskLineage(state: State, model: Model): Model[] {
  const lineage: Model[] = [];
  for (
    let at: Model | undefined = model;
    at?.task === model.task;
    at = at.parent === null ? undefined : state.models.get(at.parent)
  )
    lineage.unshift(at);
  return lineage;
}

/** Layers by id, with the tasks whose retained models use them; the root uses as "" (core/state ROOT). */
export function layerUse(state: State): Map<LayerId, Set<TaskName>> {
  const users = new Map<LayerId, Set<TaskName>>();
  const root = state.models.get(0);
  for (const model of [...(root ? [root] : []), ...survivorsOf(state)])
    for (const { id } of model.path) users.set(id, (users.get(id) ?? new Set()).add(model.task ?? ROOT));
  return users;
}

/** `use` without `task` and without layers that only it uses; for core/score. */
export function usersBeside(
  use: ReadonlyMap<LayerId, ReadonlySet<TaskName>>,
  task: TaskName,
): Map<LayerId, Set<TaskName>> {
  const others = new Map<LayerId, Set<TaskName>>();
  for (const [id, users] of use) {
    const rest = new Set(users);
    rest.delete(task);
    if (rest.size > 0) others.set(id, rest);
  }
  return others;
}

/** The distinct layers of all retained models except the root: the multitask network. */
export const systemLayers = (state: State): Layer[] => [
  ...new Map(survivorsOf(state).flatMap((model) => model.path.map((layer) => [layer.id, layer]))).values(),
];

/** Parameters of `layers`, a count. */
export const paramsOf = (layers: readonly Layer[]): number =>
  layers.reduce((sum, layer) => sum + layer.paramCount, 0);
