// The accuracy table as a picture: for one run, what each iteration added; for several, by method and scale factor.

import { type AccuracyRow, accuracyRows } from "../../analysis/accuracy-rows.js";
import { type ComparedRun, comparedAccuracies } from "../../analysis/compare.js";
import type { Scoring } from "../../analysis/rescore.js";
import { accessText, isPublic } from "../../core/access.js";
import type { State } from "../../core/state.js";
import { formatDelta, formatParams, formatPercent, plural } from "../../format/numbers.js";
import { taskPaint } from "./palette.js";
import type { Scene } from "./scene.js";
import { type TableColumn, tableScene } from "./table.js";

/** Iterations that are shown; earlier ones are in the CSV. */
const LAST = 4;

export function accuracyScene(state: State, scoring: Scoring): Scene {
  const tasks = state.tasks.map(({ name }) => name);
  const rows = accuracyRows(state, scoring);
  const count = rows[0]?.iterations.length ?? 0;
  const shown = Array.from({ length: count }, (_, i) => i).slice(-LAST);
  const columns: TableColumn[] = [
    { title: "Task", isText: true },
    { title: "Test", isBold: true },
    { title: "Validation", isBold: true },
    ...shown.map((i) => ({ title: `Iteration ${i + 1}` })),
    ...["Blocks", "Own", "Shared", "Accounted"].map((title) => ({ title })),
  ];
  return tableScene(
    "Accuracy by task",
    columns,
    rows.map((row) => ({ paint: taskPaint(tasks, row.task), cells: cellsOf(row, shown) })),
  );
}

const cellsOf = (row: AccuracyRow, shown: readonly number[]): string[] => [
  isPublic(row.access) ? row.task : `${row.task} (${accessText(row.access)})`,
  formatPercent(row.testAccuracy),
  formatPercent(row.validationAccuracy),
  ...shown.map((i) => {
    const { accuracy = null, delta = null } = row.iterations[i] ?? {};
    return delta === null ? formatPercent(accuracy) : `${formatPercent(accuracy)} ${formatDelta(delta)}`;
  }),
  String(row.blocks ?? "–"),
  formatParams(row.ownParams),
  formatParams(row.sharedParams),
  formatParams(row.accountedParams),
];

/** Several runs: mean ± deviation by method and scale factor. */
export function comparedScene(runs: readonly ComparedRun[]): Scene {
  const { columns, rows, isTest } = comparedAccuracies(runs);
  const tasks = runs[0]?.state.tasks.map(({ name }) => name) ?? [];
  return tableScene(
    `${isTest ? "Test" : "Validation"} accuracy by task and method`,
    [
      { title: "Task", isText: true },
      ...columns.map(({ curve, point, seeds }) => ({
        title: [curve, point, plural(seeds.length, "run")].filter(Boolean).join(" · "),
      })),
    ],
    rows.map(({ task, cells }) => ({
      paint: taskPaint(tasks, task),
      cells: [
        task,
        ...cells.map(({ mean, std }) =>
          std === null ? formatPercent(mean) : `${formatPercent(mean)} ± ${formatPercent(std)}`,
        ),
      ],
    })),
  );
}
