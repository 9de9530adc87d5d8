// Each task's model: accuracy, blocks, own and shared parameters, and whose training it is made of.

import { taskResults } from "../../analysis/accuracy.js";
import { ACCURACY_COLUMNS, SIZE_COLUMNS, TASK_COLUMNS, transferColumns } from "../../analysis/columns.js";
import type { State } from "../../core/state.js";
import { type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { labelsOf, runOf } from "../source.js";

export const results: TableDefinition = {
  name: "results",
  formerly: "accuracy",
  title: "each task's model: accuracy, blocks, own and shared parameters, and whose training it is made of",
  paper: "",
  of: "run",
  make: (source) => resultsView(runOf(source, "results").state),
};

/** More tasks than this have no columns of their own; the table "transfer" has their shares. */
const MOST_TASKS = 12;

export function resultsView(state: State): TableView {
  const rows = taskResults(state);
  const names = state.tasks.map(({ name }) => name);
  const shares = transferColumns(names, labelsOf(names));
  const isWide = names.length > MOST_TASKS;
  return view(
    rows,
    [...TASK_COLUMNS, ...ACCURACY_COLUMNS, ...SIZE_COLUMNS, ...(isWide ? [] : shares)],
    `Own, shared and accounted: parameters in layers that no other task uses, in layers that others use too, and in all, each divided by the number of its users.${isWide ? ' Whose training a model is made of is in the table "transfer".' : ' "from": share of gradient steps by task.'}`,
  );
}
