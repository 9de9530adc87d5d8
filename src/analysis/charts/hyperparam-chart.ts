// Hyperparameters: how often each value was sampled under each configuration (muNet Fig. 8), what the final models have
// (µ2Net Fig. 5), and how it went along lineages.

import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../chart.js";
import type { HyperparamShare, ScheduleStep } from "../sweep/hyperparams.js";
import { nameAxis, seriesColor } from "./parts.js";

const CELL = 22;

/** A panel a hyperparameter: a row a configuration, a column a value, the darker the more often. muNet Fig. 8. */
export function sampledSpec(rows: readonly HyperparamShare[], look: ChartLook, columns = 3): ChartSpec {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "How often each value of a hyperparameter was sampled, by configuration",
    config: chartConfig(look),
    data: { values: rows.map((row) => ({ ...row })) },
    facet: panels(rows),
    columns,
    resolve: { scale: { x: "independent" } },
    spec: {
      width: { step: CELL + 4 },
      height: { step: CELL },
      mark: { type: "rect", stroke: look.surface, strokeWidth: 1 },
      encoding: {
        x: { ...valueAxis, axis: { ...valueAxis.axis, orient: "bottom" } },
        y: { field: "method", type: "nominal", sort: methods, title: null, axis: nameAxis },
        color: {
          field: "share",
          type: "quantitative",
          title: "share of samples",
          scale: { domain: [0, 1], range: [look.panel, look.accent], interpolate: "lab" },
          legend: { format: ".0%", orient: "right", gradientLength: 120 },
        },
        tooltip: [
          { field: "method" },
          { field: "value" },
          { field: "share", format: ".1%" },
          { field: "count" },
        ],
      },
    },
  };
}

/** A panel a hyperparameter, a bar a value, as shares of the final models. µ2Net Fig. 5. */
export function finalSpec(rows: readonly HyperparamShare[], look: ChartLook, columns = 4): ChartSpec {
  const methods = [...new Set(rows.map(({ method }) => method))];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Values of the hyperparameters of the final models, as shares",
    config: chartConfig(look),
    data: { values: rows.map((row) => ({ ...row })) },
    facet: panels(rows),
    columns,
    resolve: { scale: { x: "independent" } },
    spec: {
      width: { step: methods.length > 1 ? CELL + 8 * methods.length : CELL + 6 },
      height: 90,
      mark: { type: "bar", cornerRadiusEnd: 2 },
      encoding: {
        x: valueAxis,
        ...(methods.length > 1 && { xOffset: { field: "method", type: "nominal", sort: methods } as const }),
        y: {
          field: "share",
          type: "quantitative",
          title: "share of models",
          scale: { domain: [0, 1] },
          axis: { format: ".0%", tickCount: 3 },
        },
        color: methods.length > 1 ? seriesColor(look, "method", 600, methods) : { value: look.accent },
        tooltip: [{ field: "method" }, { field: "value" }, { field: "count" }],
      },
    },
  };
}

/** A panel a hyperparameter that changes: its value along the lineage of every task's model. The look's series are the tasks. */
export function scheduleSpec(steps: readonly ScheduleStep[], look: ChartLook, columns = 3): ChartSpec {
  const names = [...new Set(steps.map(({ hyperparam }) => hyperparam))];
  const last = Math.max(1, ...steps.map(({ step }) => step));
  const width = 200;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Hyperparameters along the lineage of every task's final model, oldest ancestor first",
    config: chartConfig(look),
    data: { values: steps.map((step) => ({ ...step })) },
    facet: {
      field: "hyperparam",
      type: "nominal",
      sort: names,
      title: null,
      header: { labelFontWeight: "bold" },
    },
    columns,
    resolve: { scale: { y: "independent" } },
    spec: {
      width,
      height: 96,
      mark: {
        type: "line",
        interpolate: "step-after",
        strokeWidth: 2,
        opacity: 0.8,
        point: { size: 26, filled: true },
      },
      encoding: {
        x: {
          field: "step",
          type: "quantitative",
          title: "models along the lineage",
          scale: { domain: [0, last], nice: false },
          axis: { grid: false, tickMinStep: 1, tickCount: Math.min(last, 6), format: "d" },
        },
        y: {
          field: "value",
          type: "ordinal",
          sort: { field: "order", op: "min", order: "descending" },
          title: null,
          axis: { domain: false, ticks: false, grid: true },
        },
        color: seriesColor(look, "task", columns * width, look.tasks),
        tooltip: [{ field: "task" }, { field: "model" }, { field: "value" }],
      },
    },
  };
}

const panels = (rows: readonly HyperparamShare[]) => ({
  field: "hyperparam",
  type: "nominal" as const,
  sort: [...new Set(rows.map(({ hyperparam }) => hyperparam))],
  title: null,
  header: { labelFontWeight: "bold" as const },
});

const valueAxis = {
  field: "value",
  type: "ordinal",
  sort: { field: "order", op: "min" },
  title: null,
  axis: { labelAngle: -45, domain: false, ticks: false, grid: false },
} as const;
