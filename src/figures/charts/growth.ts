// How the network grows: the share that a task activates, and the parameters that it adds. µ2Net Fig. 2.

import { type GrowthPoint, growthPoints } from "../../analysis/growth.js";
import { runChart } from "../kinds.js";
import {
  type ChartLook,
  type ChartPanel,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { countAxis, PAIR_SIZE, seriesColor } from "../vega/parts.js";

export const growth = runChart(
  {
    name: "growth",
    title: "the network after each activation: share that a task activates, parameters that it adds",
    paper: "µ2Net Fig. 2",
  },
  ({ events }) => growthPoints(events),
  growthSpec,
);

/** Two panels over activations: the share of the network that one task activates, and the parameters that it adds. */
function growthSpec(points: readonly GrowthPoint[], look: ChartLook): ChartSpec {
  const tasks = [...new Set(points.map(({ task }) => task))];
  const values = points.map((point) => ({
    ...point,
    percent: 100 * point.activated,
  }));
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "The multitask network after each activation: share that a task activates, parameters that it adds",
    config: chartConfig(look),
    data: { values },
    hconcat: [
      growthPanel("percent", "activated by a task, %", look, tasks),
      growthPanel("addedParams", "parameters added by a task", look, tasks),
    ],
  };
}

/** Most tasks that the legend has room for. */
const MOST = 24;

function growthPanel(
  field: "percent" | "addedParams",
  title: string,
  look: ChartLook,
  tasks: readonly string[],
): ChartPanel {
  const shown = tasks.slice(0, MOST);
  const x = {
    field: "activation",
    type: "quantitative",
    title: "activations",
    scale: { nice: false, padding: 10 },
    axis: { tickMinStep: 1, grid: false, format: "d" },
  } as const;
  const y = {
    field,
    type: "quantitative",
    title,
    scale: { domainMin: 0, nice: true },
    ...(field === "addedParams" && { axis: countAxis }),
  } as const;
  return {
    ...PAIR_SIZE,
    layer: [
      {
        mark: { type: "line", strokeWidth: 1.5, color: look.muted },
        encoding: { x, y },
      },
      {
        mark: { type: "point", filled: true, size: 56, opacity: 1 },
        encoding: {
          x,
          y,
          color: seriesColor(look, "task", 2 * PAIR_SIZE.width, shown),
          tooltip: [
            { field: "task" },
            { field, format: field === "addedParams" ? ",.0f" : ".3~g" },
            { field: "tasks" },
          ],
        },
      },
    ],
  };
}
