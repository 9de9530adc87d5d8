// All children of a run in the order of time, as columns of plain numbers, and queries about their descent. Layout and
// drawing are in figures/scenes.

import { isPublic } from "../core/access.js";
import type { Model, ModelId, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";

export type Fate = "root" | "training" | "active" | "retained" | "dropped" | "discarded" | "failed";

export const FATES: readonly Fate[] = [
  "root",
  "training",
  "active",
  "retained",
  "dropped",
  "discarded",
  "failed",
];

/** Columns by model id; -1 means none. */
export interface Lineage {
  readonly tasks: readonly TaskName[];
  readonly privateTasks: readonly TaskName[];
  readonly parent: readonly ModelId[];
  /** Index into `tasks`. */
  readonly task: readonly number[];
  /** Index into `FATES`. */
  readonly fate: readonly number[];
  /** Activation in which the child was made, counted over the whole run, from 0. */
  readonly activation: readonly number[];
  /** Iteration of each activation, and generation of each child within its activation; from 0. */
  readonly iteration: readonly number[];
  readonly generation: readonly number[];
  /** Best validation accuracy; -1 before the first validation. */
  readonly accuracy: readonly number[];
  /** Each task's survivor. */
  readonly retained: readonly ModelId[];
}

/** The lineage of a run. */
export function lineageOf(state: State): Lineage {
  const tasks = state.tasks.map(({ name }) => name);
  const activation: number[] = [];
  let current = -1;
  let before: Model | undefined;
  for (const model of state.models) {
    if (model.birth && (before?.task !== model.task || before?.birth?.iteration !== model.birth.iteration))
      current += 1;
    activation.push(model.birth ? current : -1);
    before = model;
  }
  return {
    tasks,
    privateTasks: state.tasks.filter(({ access }) => !isPublic(access)).map(({ name }) => name),
    parent: state.models.map(({ parent }) => parent ?? -1),
    task: state.models.map(({ task }) => (task === null ? -1 : tasks.indexOf(task))),
    fate: state.models.map(({ status }) => FATES.indexOf(status)),
    activation,
    iteration: state.models.map(({ birth }) => birth?.iteration ?? -1),
    generation: state.models.map(({ birth }) => birth?.generation ?? -1),
    accuracy: state.models.map(({ accuracy }) => accuracy ?? -1),
    retained: tasks.flatMap((task) => state.retained[task] ?? []),
  };
}

export const fateOf = (lineage: Lineage, id: ModelId): Fate => FATES[lineage.fate[id]!]!;

/** `id` and its ancestors, nearest first, the root last. */
export function ancestorsOf(lineage: Lineage, id: ModelId): ModelId[] {
  const path: ModelId[] = [];
  for (let at = id; at >= 0; at = lineage.parent[at]!) path.push(at);
  return path;
}

/** The survivors and all their ancestors, from which today's network descends. */
export const survivingLine = (lineage: Lineage): ReadonlySet<ModelId> =>
  new Set(lineage.retained.flatMap((id) => ancestorsOf(lineage, id)));
