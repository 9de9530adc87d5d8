// Every child of a run as a row: its parent, its mutations, its outcome.

import type { Model, ModelId, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { mutationWords } from "../format/mutation.js";

/** One child, or the root (parent and task null). */
export interface LineageRow {
  readonly child: ModelId;
  readonly parent: ModelId | null;
  readonly task: TaskName | null;
  readonly parentTask: TaskName | null;
  /** From 1, as people count. */
  readonly iteration: number | null;
  /** From 1, as people count. */
  readonly generation: number | null;
  readonly status: Model["status"];
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly blocks: number;
  /** Gradient steps. */
  readonly steps: number;
  readonly mutations: string;
}

/** All models, in the order in which they were planned. */
export const lineageRows = (state: State): LineageRow[] =>
  state.models.map((model) => ({
    child: model.id,
    parent: model.parent,
    task: model.task,
    parentTask: model.parent === null ? null : state.models.get(model.parent)!.task,
    iteration: counted(model.birth?.iteration),
    generation: counted(model.birth?.generation),
    status: model.status,
    validationAccuracy: model.accuracy,
    testAccuracy: model.testAccuracy,
    blocks: model.shape.blocks,
    steps: model.steps,
    mutations: model.mutations.map(mutationWords).join("; "),
  }));

const counted = (index: number | undefined): number | null => (index === undefined ? null : index + 1);
