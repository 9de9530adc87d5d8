// Learning curves along lineages, a panel a task: "+" is the selected model, a ring its test. muNet Fig. 5.

import type { LearningPoint } from "../../analysis/sweep/curves.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./chart.js";
import { seriesColor } from "./parts.js";

export interface PanelLook {
  /** Short names of the tasks by task, for the panels' heads. */
  readonly taskLabels: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly width?: number;
  readonly height?: number;
}

/** The look's series are the methods. x: validations along the lineage; y: accuracy, per cent. */
export function learningCurvesSpec(
  points: readonly LearningPoint[],
  look: ChartLook,
  { taskLabels, columns, width = 230, height = 150 }: PanelLook,
): ChartSpec {
  const methods = look.tasks.filter((method) => points.some((point) => point.method === method));
  const tasks = [...new Set(points.map(({ task }) => task))];
  const perRow = columns ?? (tasks.length === 4 ? 2 : 3);
  const color = seriesColor(look, "method", width * Math.min(perRow, Math.max(1, tasks.length)), methods);
  const lines = {
    ...color,
    legend: { ...color.legend, symbolType: "stroke", symbolStrokeWidth: 3 },
  } as const;
  const label = (task: string) => taskLabels[task] ?? task;
  const x = {
    field: "validation",
    type: "quantitative",
    title: "validations along the lineage",
    scale: { nice: false, zero: true },
    axis: { grid: false, tickMinStep: 1, tickCount: 5 },
  } as const;
  const y = {
    field: "percent",
    type: "quantitative",
    title: "accuracy, %",
    scale: { zero: false },
    axis: { tickCount: 5 },
  } as const;
  const only = (kind: LearningPoint["kind"]) => [{ filter: `datum.kind === '${kind}'` }];
  const detail = [{ field: "repetition" }, { field: "method" }] as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Validation accuracy along the lineage of each final model, with its selection and its test",
    config: chartConfig(look),
    data: {
      values: points.map((point) => ({
        ...point,
        task: label(point.task),
        percent: 100 * point.accuracy,
      })),
    },
    facet: {
      field: "task",
      type: "nominal",
      sort: tasks.map(label),
      title: null,
      header: { labelFontWeight: "bold", labelLimit: width },
    },
    columns: perRow,
    // Of a shared axis, a panel above an empty place would have only what stands far below it.
    resolve: { scale: { y: "independent" }, axis: { x: "independent" } },
    spec: {
      width,
      height,
      encoding: { color: lines },
      layer: [
        {
          transform: only("validation"),
          mark: { type: "line", strokeWidth: 1.4, opacity: 0.75 },
          encoding: { x, y, detail: [...detail] },
        },
        {
          transform: [{ filter: "datum.kind !== 'validation'" }],
          mark: { type: "line", strokeWidth: 1, strokeDash: [2, 2] },
          encoding: { x, y, detail: [...detail] },
        },
        {
          transform: only("selected"),
          mark: {
            type: "point",
            shape: "M-1,0H1M0,-1V1",
            strokeWidth: 1.6,
            size: 90,
            filled: false,
            opacity: 1,
          },
          encoding: { x, y },
        },
        {
          transform: only("test"),
          mark: {
            type: "point",
            shape: "circle",
            size: 40,
            strokeWidth: 1.8,
            filled: false,
            fill: look.surface,
            opacity: 1,
          },
          encoding: { x, y },
        },
      ],
    },
  };
}
