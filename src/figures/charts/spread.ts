// How a task's spread over repetitions goes with its error and with its images, on logarithmic axes with a least-squares
// line (µ2Net Fig. 4); and the network as it grows (µ2Net Fig. 2).

import type { GrowthPoint } from "../../analysis/growth.js";
import { logLine, type SpreadPoint } from "../../analysis/sweep/spread.js";
import { type ChartLook, type ChartPanel, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./chart.js";
import { seriesColor } from "./parts.js";

const SIDE = { width: 300, height: 240 } as const;

/** Two panels: deviation against test error, and against training images a class. The look's series are the tasks. */
export function spreadSpec(points: readonly SpreadPoint[], look: ChartLook): ChartSpec {
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Deviation of each task's test accuracy over repetitions, against its error and its images",
    config: chartConfig(look),
    hconcat: [
      spreadPanel(points, "error", "test error, %", look),
      spreadPanel(points, "trainPerClass", "training images a class", look),
    ],
  };
}

function spreadPanel(
  points: readonly SpreadPoint[],
  field: "error" | "trainPerClass",
  title: string,
  look: ChartLook,
): ChartPanel {
  const line = logLine(points.map((point) => [point[field], point.std]));
  const scale = { type: "log", nice: false, padding: 12 } as const;
  const axis = { format: "~g", tickCount: 5 } as const;
  const x = { field, type: "quantitative", title, scale, axis } as const;
  const y = { field: "std", type: "quantitative", title: "deviation, points", scale, axis } as const;
  return {
    ...SIDE,
    layer: [
      ...(line === null
        ? []
        : [
            {
              data: { values: [line.from, line.to].map(([at, std]) => ({ [field]: at, std })) },
              mark: { type: "line" as const, strokeWidth: 1.5, strokeDash: [5, 3] },
              encoding: { x, y, color: { value: look.muted } },
            },
          ]),
      {
        data: { values: points.map((point) => ({ ...point })) },
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          x,
          y,
          color: {
            ...seriesColor(
              look,
              "task",
              2 * SIDE.width,
              points.map(({ task }) => task),
            ),
          },
          tooltip: [{ field: "task" }, { field: "std", format: ".2f" }, { field, format: ".3~g" }],
        },
      },
    ],
  };
}

/** Two panels over activations: the share of the network that one task activates, and the parameters that it adds. */
export function growthSpec(points: readonly GrowthPoint[], look: ChartLook): ChartSpec {
  const values = points.map((point) => ({
    ...point,
    percent: 100 * point.activated,
    millions: point.addedParams / 1e6,
  }));
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "The multitask network after each activation: share that a task activates, parameters that it adds",
    config: chartConfig(look),
    data: { values },
    hconcat: [
      growthPanel("percent", "activated by a task, %", look),
      growthPanel("millions", "added by a task, M", look),
    ],
  };
}

function growthPanel(field: "percent" | "millions", title: string, look: ChartLook): ChartPanel {
  const x = {
    field: "activation",
    type: "quantitative",
    title: "activations",
    scale: { nice: false, padding: 10 },
    axis: { tickMinStep: 1, grid: false, format: "d" },
  } as const;
  const y = { field, type: "quantitative", title, scale: { domainMin: 0, nice: true } } as const;
  return {
    ...SIDE,
    layer: [
      {
        mark: { type: "line", strokeWidth: 2, color: look.accent },
        encoding: { x, y },
      },
      {
        mark: { type: "point", filled: true, size: 46, color: look.accent, opacity: 1 },
        encoding: {
          x,
          y,
          tooltip: [{ field: "task" }, { field, format: ".3~g" }, { field: "tasks" }],
        },
      },
    ],
  };
}
