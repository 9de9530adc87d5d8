// Test accuracy of each task by method. muNet Tables 6 and 7.

import { ONE_RUN } from "../../analysis/paired.js";
import { type TaskRow, taskRows } from "../../analysis/sweep/methods.js";
import { variantLabel } from "../../format/method-names.js";
import { methodChart } from "../kinds.js";
import { accuracyRange } from "../vega/accuracy.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { ROWS_WIDTH, taskRowParts } from "../vega/task-rows.js";

export const tasks = methodChart(
  {
    name: "tasks",
    title: "test accuracy of each task by method",
    paper: "muNet Tables 6 and 7",
  },
  taskRows,
  tasksSpec,
);

/** Test accuracy of each task by method, ± one deviation. The look's series are the methods. */
function tasksSpec(
  rows: readonly TaskRow[],
  look: ChartLook,
  labels: Readonly<Record<string, string>>,
): ChartSpec {
  const all = rows.map(({ variant, task, runs, test, testStd }) => ({
    method: variantLabel(variant),
    task: labels[task] ?? task,
    runs,
    test: 100 * test,
    low: 100 * (test - testStd),
    high: 100 * (test + testStd),
  }));
  const { values, methods, title, y, yOffset, color, shape } = taskRowParts(all, look, { hasGrid: true });
  const { domain } = accuracyRange(values.flatMap(({ low, high }) => [low / 100, high / 100]));
  const single = all.every(({ runs }) => runs < 2);
  const x = {
    field: "test",
    type: "quantitative",
    title: "test accuracy, %",
    scale: { domain: domain.map((share) => 100 * share), nice: false },
  } as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Test accuracy of each task by method",
    ...title,
    ...(single && {
      title: {
        text: title.title ? [title.title.text, ONE_RUN] : ONE_RUN,
        fontWeight: "normal" as const,
        fontSize: 12,
        color: look.muted,
      },
    }),
    width: ROWS_WIDTH,
    height: { step: Math.max(8, 5 + Math.ceil(26 / Math.max(1, methods.length))), for: "offset" },
    config: chartConfig(look),
    data: { values },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1.4 },
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
          tooltip: [
            { field: "method" },
            { field: "task" },
            { field: "test", format: ".2f" },
            { field: "runs" },
          ],
        },
      },
    ],
  };
}
