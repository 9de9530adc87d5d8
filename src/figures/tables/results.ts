// Each task's model: accuracy, blocks, own and shared parameters, and whose training it is made of.

import { taskResults } from "../../analysis/accuracy.js";
import { accessText } from "../../core/access.js";
import type { State } from "../../core/state.js";
import { COUNT, PARAMS, SHARE } from "../../format/quantities.js";
import { type Column, type TableView, view } from "../../format/table.js";
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

type Result = ReturnType<typeof taskResults>[number];

/** More tasks than this have no columns of their own; the table "transfer" has their shares. */
const MOST_TASKS = 12;

export function resultsView(state: State): TableView {
  const rows = taskResults(state);
  const names = state.tasks.map(({ name }) => name);
  const labels = labelsOf(names);
  const shares = names.map(
    (name): Column<Result> => ({
      head: `from ${labels[name]}`,
      of: SHARE,
      value: ({ transfer, validationAccuracy }) =>
        validationAccuracy === null ? null : (transfer[name] ?? 0),
    }),
  );
  const isWide = names.length > MOST_TASKS;
  return view(
    rows,
    [
      { head: "task", value: ({ task }) => task },
      { head: "access", value: ({ access }) => accessText(access) },
      { head: "validation", of: SHARE, value: ({ validationAccuracy }) => validationAccuracy },
      { head: "test", of: SHARE, value: ({ testAccuracy }) => testAccuracy },
      { head: "blocks", of: COUNT, value: ({ blocks }) => blocks },
      { head: "own", of: PARAMS, value: ({ ownParams }) => ownParams },
      { head: "shared", of: PARAMS, value: ({ sharedParams }) => sharedParams },
      { head: "accounted", of: PARAMS, value: ({ accountedParams }) => accountedParams },
      ...(isWide ? [] : shares),
    ],
    `Own, shared and accounted: parameters in layers that no other task uses, in layers that others use too, and in all, each divided by the number of its users.${isWide ? ' Whose training a model is made of is in the table "transfer".' : ' "from": share of gradient steps by task.'}`,
  );
}
