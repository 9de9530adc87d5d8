// The spread of each task over repetitions against its error and its images, on logarithmic axes with a least-squares line.
// µ2Net Fig. 4.

import { logLine, type SpreadPoint, spreadPoints } from "../../analysis/sweep/spread.js";
import { variantChart } from "../kinds.js";
import {
  type ChartLook,
  type ChartPanel,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { PAIR_SIZE, seriesColor } from "../vega/parts.js";

export const spread = variantChart(
  {
    name: "spread",
    title: "deviation of each task over repetitions against its error and its images",
    paper: "µ2Net Fig. 4",
    of: "sweep",
  },
  spreadPoints,
  spreadSpec,
  "A spread needs at least two repetitions.",
);

/** Two panels: deviation against test error, and against training images per class. The look's series are the tasks. */
function spreadSpec(points: readonly SpreadPoint[], look: ChartLook): ChartSpec {
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Deviation of each task's test accuracy over repetitions, against its error and its images",
    config: chartConfig(look),
    hconcat: [
      spreadPanel(points, "error", "test error, %", look),
      spreadPanel(points, "trainPerClass", "training images per class", look),
    ],
  };
}

/** Least tasks for a trend: a line through fewer means nothing. */
const TREND = 8;

function spreadPanel(
  points: readonly SpreadPoint[],
  field: "error" | "trainPerClass",
  title: string,
  look: ChartLook,
): ChartPanel {
  const line = points.length < TREND ? null : logLine(points.map((point) => [point[field], point.std]));
  const scale = { type: "log", nice: false, padding: 12 } as const;
  const axis = { format: "~g", tickCount: 5 } as const;
  const x = { field, type: "quantitative", title, scale, axis } as const;
  const y = { field: "std", type: "quantitative", title: "deviation, points", scale, axis } as const;
  return {
    ...PAIR_SIZE,
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
              2 * PAIR_SIZE.width,
              points.map(({ task }) => task),
            ),
          },
          tooltip: [{ field: "task" }, { field: "std", format: ".2f" }, { field, format: ".3~g" }],
        },
      },
    ],
  };
}
