// Every variant minus a reference, paired by repetition, over all tasks and task by task.

import { sideOf } from "../../analysis/stats.js";
import { type DifferenceRow, differenceRows, taskDifferenceRows } from "../../analysis/sweep/differences.js";
import { variantName } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import { signed, span, type TableView, view } from "../../format/table.js";
import type { TableDefinition } from "../drawing.js";
import { chosenDifferences } from "../variants.js";

export const differences: TableDefinition = {
  name: "differences",
  title: "every variant minus muNet, paired, with intervals",
  paper: "",
  of: "sweep",
  make: (source, options) => differencesTable(chosenDifferences(source, options, differenceRows), false),
};

export const taskDifferences: TableDefinition = {
  name: "task-differences",
  title: "every variant minus muNet, task by task",
  paper: "",
  of: "sweep",
  make: (source, options) => differencesTable(chosenDifferences(source, options, taskDifferenceRows), true),
};

const SIDES = { above: "higher", below: "lower", "not shown": "not shown" } as const;

function differencesTable(rows: readonly DifferenceRow[], hasTasks: boolean): TableView {
  const against = rows[0] ? variantLabel(rows[0].against) : "the reference";
  const data = rows.map(({ variant, against: other, task, test, params }) => ({
    method: variantLabel(variant),
    variant: variantName(variant),
    against: variantName(other),
    ...(hasTasks && { task }),
    pairs: test.n,
    test: test.mean,
    testLow: test.low,
    testHigh: test.high,
    accuracy: SIDES[sideOf(test)],
    params: params.mean,
    paramsLow: params.low,
    paramsHigh: params.high,
    size: SIDES[sideOf(params)],
  }));
  type Row = (typeof data)[number];
  const millions = (value: number | null) => (value === null ? null : value / 1e6);
  return view<Row>(
    data,
    [
      { head: `minus ${against}`, text: ({ method }) => method },
      ...(hasTasks ? [{ head: "task", text: (row: Row) => row.task ?? "" }] : []),
      { head: "pairs", text: ({ pairs }) => String(pairs) },
      { head: "test, points", text: ({ test }) => signed(test, 2) },
      { head: "95 % interval", text: ({ testLow: low, testHigh: high }) => span({ low, high }, 2) },
      { head: "accuracy", text: ({ accuracy }) => accuracy },
      { head: "params/task M", text: ({ params }) => signed(params / 1e6, 3) },
      {
        head: "95 % interval ",
        text: ({ paramsLow, paramsHigh }) =>
          span({ low: millions(paramsLow), high: millions(paramsHigh) }, 3),
      },
      { head: "size", text: ({ size }) => size },
    ],
    'Paired by repetition (same seed, data and root), Student\'s t; "not shown": the interval includes 0, or there are fewer than two pairs. Each interval is 95 % by itself; of twenty, one may miss.',
  );
}
