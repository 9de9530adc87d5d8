// Test accuracy of every task by method. muNet Tables 6 and 7.

import type { SweepPoint } from "../../analysis/point.js";
import { tasksOf } from "../../analysis/sweep/exchange.js";
import { type TaskRow, taskRows } from "../../analysis/sweep/methods.js";
import { variantLabel } from "../../format/method-names.js";
import { type Column, spread, type TableView, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { labelsOf } from "../source.js";
import { named } from "../variants.js";

export const tasks = pointsTable(
  {
    name: "tasks",
    title: "test accuracy of every task by method",
    paper: "muNet Tables 6 and 7",
    of: "both",
  },
  tasksTable,
);

/** One row per method, one column per task; as data one row per cell. */
function tasksTable(points: readonly SweepPoint[]): TableView {
  const cells = taskRows(points);
  const tasks = tasksOf(points);
  const labels = labelsOf(tasks);
  const methods = [...new Set(cells.map(({ variant }) => variantLabel(variant)))];
  const cellOf = (method: string, task: string): TaskRow | undefined =>
    cells.find((cell) => variantLabel(cell.variant) === method && cell.task === task);
  const columns = tasks.map(
    (task): Column<{ readonly method: string }> => ({
      head: labels[task]!,
      text: ({ method }) => {
        const cell = cellOf(method, task);
        return cell ? spread(cell.test, cell.testStd, cell.runs, 1) : "–";
      },
    }),
  );
  return view(
    methods.map((method) => ({ method })),
    [{ head: "method", text: ({ method }) => method }, ...columns],
    "Test accuracy in per cent ± population deviation over runs; validation, size and blocks are in CSV and JSON.",
    cells.map(named),
  );
}
