// How far the selected models' validation accuracy exceeds their test accuracy, and how much of that the selection can
// explain.

import { type SelectionRow, selectionRows } from "../../analysis/sweep/selection-bias.js";
import { variantLabel } from "../../format/method-names.js";
import { methodChart } from "../kinds.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { ROWS_WIDTH, taskRowParts } from "../vega/task-rows.js";

export const selectionBias = methodChart(
  {
    name: "selection-bias",
    formerly: "luck",
    title: "validation minus test of the selected models, and how much of it selection bias can explain",
    paper: "",
  },
  selectionRows,
  selectionSpec,
);

/** The gap from validation to test (dots, ± two standard errors) over the largest gap that selection alone explains (bars). */
function selectionSpec(
  rows: readonly SelectionRow[],
  look: ChartLook,
  labels: Readonly<Record<string, string>>,
): ChartSpec {
  const all = rows.map((row) => ({
    method: variantLabel(row.variant),
    task: labels[row.task] ?? row.task,
    gap: 100 * row.gap.mean,
    low: 100 * (row.gap.mean - 2 * row.noise),
    high: 100 * (row.gap.mean + 2 * row.noise),
    bound: 100 * row.bound,
    verdict: row.verdict,
    evaluations: row.evaluations,
    images: row.validationImages,
  }));
  const { values, methods, title, y, yOffset, color, shape } = taskRowParts(all, look);
  const x = {
    field: "gap",
    type: "quantitative",
    title: "validation − test, points (bar: the most that selection bias explains)",
  } as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "How far the selected models' validation accuracy is above their test, and how much of it selection bias can explain",
    ...title,
    width: ROWS_WIDTH,
    height: { step: Math.max(13, Math.ceil(30 / Math.max(1, methods.length))), for: "offset" },
    config: chartConfig(look),
    data: { values },
    layer: [
      {
        mark: { type: "bar", opacity: 0.22, cornerRadiusEnd: 2 },
        encoding: { x: { ...x, field: "bound" }, y, yOffset, color },
      },
      {
        mark: { type: "rule", strokeWidth: 1.6 },
        encoding: { x: { ...x, field: "low" }, x2: { field: "high" }, y, yOffset, color },
      },
      {
        mark: { type: "point", filled: true, size: 56, opacity: 1 },
        encoding: {
          x,
          y,
          yOffset,
          color,
          shape,
          tooltip: ["method", "task", "verdict", "evaluations", "images"].map((field) => ({ field })),
        },
      },
    ],
  };
}
