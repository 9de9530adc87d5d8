// Methods side by side: differences from a reference with their intervals, accuracies task by task, and the luck of their
// selection.

import { sideOf } from "../../analysis/stats.js";
import type { DifferenceRow } from "../../analysis/sweep/differences.js";
import { variantLabel } from "../../analysis/sweep/groups.js";
import type { LuckRow } from "../../analysis/sweep/luck.js";
import type { TaskRow } from "../../analysis/sweep/methods.js";
import { type ChartLook, type ChartPanel, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./chart.js";
import { nameAxis, seriesMarks } from "./parts.js";
import { withoutOutliers } from "./quality.js";

const ROW = 22;

/** Forest plot: every variant minus the reference in accuracy and in size; hollow where the interval includes 0. */
export function differenceSpec(rows: readonly DifferenceRow[], look: ChartLook): ChartSpec {
  const paired = rows.filter(({ test }) => test.n > 0); // without a pair there is no number to draw
  const all = paired.map(({ variant, test, params }) => ({
    method: variantLabel(variant),
    n: test.n,
    test: test.mean,
    testLow: test.low,
    testHigh: test.high,
    testShown: sideOf(test) !== "not shown",
    params: params.mean / 1e6,
    paramsLow: params.low === null ? null : params.low / 1e6,
    paramsHigh: params.high === null ? null : params.high / 1e6,
    paramsShown: sideOf(params) !== "not shown",
  }));
  const { near: values, far } = withoutOutliers(all);
  const against = rows[0] ? variantLabel(rows[0].against) : "muNet";
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: `Every variant minus ${against}: paired differences with 95 % intervals`,
    ...(far.length > 0 && {
      title: {
        text: `Not shown: ${far.map(({ method, test }) => `${method}, ${test.toFixed(1).replace("-", "−")} points`).join("; ")}`,
        fontWeight: "normal",
        color: look.muted,
        fontSize: 12,
      },
    }),
    config: chartConfig(look),
    data: { values },
    hconcat: [
      forest(
        "test",
        `test accuracy minus that of ${against}, points`,
        true,
        look,
        values.map(({ method }) => method),
      ),
      forest(
        "params",
        "parameters a task, M",
        false,
        look,
        values.map(({ method }) => method),
      ),
    ],
  };
}

function forest(
  field: string,
  title: string,
  isNamed: boolean,
  look: ChartLook,
  methods: readonly string[],
): ChartPanel {
  const y = {
    field: "method",
    type: "nominal",
    sort: [...methods],
    title: null,
    axis: isNamed ? { ...nameAxis, grid: true } : { ...nameAxis, grid: true, labels: false },
  } as const;
  const x = { field, type: "quantitative", title, scale: { zero: true, nice: true } } as const;
  return {
    width: 330,
    height: { step: ROW },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 1.5, color: look.muted },
        encoding: { x: { datum: 0 } },
      },
      {
        mark: { type: "rule", strokeWidth: 2, color: look.accent },
        encoding: { x: { ...x, field: `${field}Low` }, x2: { field: `${field}High` }, y },
      },
      {
        mark: { type: "point", filled: true, size: 60, opacity: 1, stroke: look.accent, strokeWidth: 1.8 },
        encoding: {
          x,
          y,
          fill: {
            condition: { test: `datum.${field}Shown`, value: look.accent },
            value: look.surface,
          },
          tooltip: [
            { field: "method" },
            { field, format: "+.2f" },
            { field: `${field}Low`, format: "+.2f" },
            { field: `${field}High`, format: "+.2f" },
            { field: "n", title: "pairs" },
          ],
        },
      },
    ],
  };
}

/** Test accuracy of each task by method, ± one deviation. The look's series are the methods. */
export function tasksSpec(
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
    scale: { zero: false, nice: true },
  } as const;
  const yOffset = { field: "method", type: "nominal", sort: methods } as const;
  const { color, shape } = seriesMarks(look, "method", 520, methods);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Test accuracy of each task by method",
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

/** The gap from validation to test (dots, ± two standard errors) on the gap that luck alone makes at most (bars). */
export function luckSpec(
  rows: readonly LuckRow[],
  look: ChartLook,
  labels: Readonly<Record<string, string>>,
): ChartSpec {
  const label = (task: string) => labels[task] ?? task;
  const values = rows.map((row) => ({
    method: variantLabel(row.variant),
    task: label(row.task),
    gap: 100 * row.gap.mean,
    low: 100 * (row.gap.mean - 2 * row.noise),
    high: 100 * (row.gap.mean + 2 * row.noise),
    bound: 100 * row.bound,
    verdict: row.verdict,
    evaluations: row.evaluations,
    images: row.validationImages,
  }));
  const tasks = [...new Set(values.map(({ task }) => task))];
  const methods = [...new Set(values.map(({ method }) => method))];
  const y = { field: "task", type: "nominal", sort: tasks, title: null, axis: nameAxis } as const;
  const yOffset = { field: "method", type: "nominal", sort: methods } as const;
  const x = {
    field: "gap",
    type: "quantitative",
    title: "validation − test, points (bar: the most that luck alone can make)",
  } as const;
  const { color, shape } = seriesMarks(look, "method", 520, methods);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "How far the selected models' validation accuracy stands above their test, and how much of it luck can make",
    width: 520,
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
