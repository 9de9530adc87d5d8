// Test accuracy of each task by method. muNet Tables 6 and 7.

import { type TaskRow, taskRows } from "../../analysis/sweep/methods.js";
import { variantLabel } from "../../format/method-names.js";
import { methodChart } from "../kinds.js";
import { accuracyRange } from "../vega/accuracy.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { nameAxis, seriesMarks } from "../vega/parts.js";

export const tasks = methodChart(
  {
    name: "tasks",
    title: "test accuracy of each task by method",
    paper: "muNet Tables 6 and 7",
  },
  taskRows,
  tasksSpec,
);

const ONE_RUN = "A single run of each: how far another would be from it is not known.";

/** Test accuracy of each task by method, ± one deviation. The look's series are the methods. */
function tasksSpec(
  rows: readonly TaskRow[],
  look: ChartLook,
  labels: Readonly<Record<string, string>>,
): ChartSpec {
  const label = (task: string) => labels[task] ?? task;
  const tasks = [...new Set(rows.map(({ task }) => label(task)))];
  const values = rows.map(({ variant, task, runs, test, testStd }) => ({
    method: variantLabel(variant),
    task: label(task),
    runs,
    test: 100 * test,
    low: 100 * (test - testStd),
    high: 100 * (test + testStd),
  }));
  const methods = [...new Set(values.map(({ method }) => method))];
  const { domain } = accuracyRange(values.flatMap(({ low, high }) => [low / 100, high / 100]));
  const single = values.every(({ runs }) => runs < 2);
  const y = {
    field: "task",
    type: "nominal",
    sort: tasks,
    title: null,
    axis: { ...nameAxis, grid: true },
  } as const;
  const x = {
    field: "test",
    type: "quantitative",
    title: "test accuracy, %",
    scale: { domain: domain.map((share) => 100 * share), nice: false },
  } as const;
  const yOffset = { field: "method", type: "nominal", sort: methods } as const;
  const { color, shape } = seriesMarks(look, "method", 520, methods);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Test accuracy of each task by method",
    ...(single && {
      title: { text: ONE_RUN, fontWeight: "normal" as const, fontSize: 12, color: look.muted },
    }),
    width: 520,
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
