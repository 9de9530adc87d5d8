// Hyperparameters along the lineage of each final model. muNet's analysis.

import { tasksOf } from "../../analysis/sweep/exchange.js";
import { type ScheduleStep, scheduleSteps } from "../../analysis/sweep/hyperparams.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { taskChartLook } from "../scenes/palette.js";
import { onePoint } from "../variants.js";
import { bounded } from "../vega/bounded.js";
import {
  type ChartLook,
  type ChartPanel,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { seriesColor } from "../vega/parts.js";

const COLUMNS = 3;
/** Most tasks whose lines can be distinguished. */
const MOST = 40;

export const schedule: FigureDefinition = {
  name: "schedule",
  title: "hyperparameters along the lineage of each final model",
  paper: "muNet's analysis",
  of: "both",
  draw(source, options) {
    const point = onePoint(source, options);
    const rows = scheduleSteps(point ?? { tasks: [] });
    return chart(
      rows,
      (theme) => scheduleSpec(rows, taskChartLook(point ? tasksOf([point]) : [], theme)),
      "No hyperparameter changed along the lineages.",
    );
  },
};

/** One panel per hyperparameter that changes: its value along the lineage of every task's model. The look's series are the tasks. */
function scheduleSpec(all: readonly ScheduleStep[], look: ChartLook): ChartSpec {
  const { tasks, title } = bounded(look.tasks, MOST, look);
  const steps = all.filter(({ task }) => tasks.includes(task));
  const names = [...new Set(steps.map(({ hyperparam }) => hyperparam))];
  const last = Math.max(1, ...steps.map(({ step }) => step));
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Hyperparameters along the lineage of every task's final model, oldest ancestor first",
    ...title,
    config: chartConfig(look),
    columns: COLUMNS,
    concat: names.map((name) =>
      schedulePanel(
        name,
        steps.filter(({ hyperparam }) => hyperparam === name),
        last,
        look,
      ),
    ),
  };
}

/** Each value is a band in which tasks are drawn a little apart so that all are visible; the position within the band means nothing. */
function schedulePanel(
  name: string,
  steps: readonly ScheduleStep[],
  last: number,
  look: ChartLook,
): ChartPanel {
  const width = 200;
  const texts = Object.fromEntries(steps.map(({ order, value }) => [order, value]));
  const count = Object.keys(texts).length;
  const apart = (task: string) => 0.5 * ((look.tasks.indexOf(task) + 0.5) / look.tasks.length - 0.5);
  const domain: [number, number] = [-0.6, count - 0.4];
  const y = {
    field: "y",
    type: "quantitative",
    title: null,
    scale: { domain, nice: false, zero: false },
    axis: {
      domain: false,
      ticks: false,
      grid: false,
      labelPadding: 8,
      values: Object.keys(texts).map(Number),
      labelExpr: `(${JSON.stringify(texts)})[datum.value]`,
    },
  } as const;
  return {
    title: { text: name, anchor: "middle" },
    width,
    height: Math.max(40, 26 * count),
    layer: [
      {
        data: {
          values: Object.keys(texts).map((order) => ({ y: Number(order) - 0.42, top: Number(order) + 0.42 })),
        },
        mark: { type: "rect", color: look.panel, cornerRadius: 4 },
        encoding: { y, y2: { field: "top" } },
      },
      {
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
          y,
          color: seriesColor(look, "task", COLUMNS * width, look.tasks.slice(0, MOST)),
          tooltip: [{ field: "task" }, { field: "model" }, { field: "value" }],
        },
      },
    ],
  };
}
