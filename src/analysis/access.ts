// Who may build on whom, and who does: the access rules of a system beside what came of them.

import type { TaskName } from "../core/model.js";
import { canRead } from "../core/readers.js";
import { type State, standingTasks } from "../core/state.js";
import { modelTransfer } from "./transfer.js";

export interface AccessCell {
  /** Whose model it is. */
  readonly task: TaskName;
  /** Whose training it may contain. */
  readonly source: TaskName;
  readonly may: boolean;
  /** Share of the model's gradient steps that were taken on the source, in [0, 1]; 0 without a model. */
  readonly share: number;
}

/** Tasks × tasks, row by row, without forgotten tasks. */
export function accessCells(state: State): AccessCell[] {
  const tasks = standingTasks(state).map(({ name }) => name);
  return tasks.flatMap((task) => {
    const model = state.models.get(state.retained[task] ?? -1);
    const shares = model ? modelTransfer(model) : {};
    return tasks.map((source) => ({
      task,
      source,
      may: canRead(source, task, state.tasks),
      share: shares[source] ?? 0,
    }));
  });
}
