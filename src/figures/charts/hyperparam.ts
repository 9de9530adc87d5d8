// Hyperparameters: how often each value was sampled under each configuration (muNet Fig. 8), what the final models have
// (µ2Net Fig. 5), and how it went along lineages.

import type { HyperparamShare, ScheduleStep } from "../../analysis/sweep/hyperparams.js";
import { type ChartLook, type ChartPanel, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./chart.js";
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
          legend: { format: ".0%", orient: "right", gradientLength: 120, titleFontWeight: "normal" },
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
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Hyperparameters along the lineage of every task's final model, oldest ancestor first",
    config: chartConfig(look),
    columns,
    concat: names.map((name) =>
      schedulePanel(
        name,
        steps.filter(({ hyperparam }) => hyperparam === name),
        last,
        look,
        columns,
      ),
    ),
  };
}

/** Tasks stand a little apart, so that those with the same value can all be seen. */
function schedulePanel(
  name: string,
  steps: readonly ScheduleStep[],
  last: number,
  look: ChartLook,
  columns: number,
): ChartPanel {
  const width = 200;
  const texts = Object.fromEntries(steps.map(({ order, value }) => [order, value]));
  const count = Object.keys(texts).length;
  const apart = (task: string) => 0.5 * ((look.tasks.indexOf(task) + 0.5) / look.tasks.length - 0.5);
  return {
    title: { text: name, anchor: "middle" },
    width,
    height: Math.max(40, 26 * count),
    data: { values: steps.map((step) => ({ ...step, y: step.order - apart(step.task) })) },
    mark: {
      type: "line",
      interpolate: "step-after",
      strokeWidth: 1.8,
      point: { size: 24, filled: true },
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
        field: "y",
        type: "quantitative",
        title: null,
        scale: { domain: [-0.6, count - 0.4], nice: false, zero: false },
        axis: {
          domain: false,
          ticks: false,
          labelPadding: 8,
          values: Object.keys(texts).map(Number),
          labelExpr: `(${JSON.stringify(texts)})[datum.value]`,
        },
      },
      color: seriesColor(look, "task", columns * width, look.tasks),
      tooltip: [{ field: "task" }, { field: "model" }, { field: "value" }],
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
