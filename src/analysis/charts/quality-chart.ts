// Quality against size: a curve a family of methods, ± one deviation as a band. muNet Fig. 3, and Fig. 4 with fewer curves.

import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../chart.js";
import type { QualityPoint } from "../sweep/curves.js";
import { seriesColor, seriesShape } from "./parts.js";

export interface ChartSize {
  /** The chart's own size, without axes and legend, in pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** Curves of `points`; the look's series are the curves. x: millions of accounted parameters a task; y: mean test accuracy, per cent. */
export function qualitySpec(
  points: readonly QualityPoint[],
  look: ChartLook,
  { width = 620, height = 380 }: ChartSize = {},
): ChartSpec {
  const curves = look.tasks.filter((curve) => points.some((point) => point.curve === curve));
  const color = seriesColor(look, "curve", width, curves);
  const x = {
    field: "params",
    type: "quantitative",
    title: "millions of parameters per task",
    scale: { zero: false, nice: true, padding: 14 },
  } as const;
  const y = (field: string) =>
    ({
      field,
      type: "quantitative",
      title: "mean test accuracy, %",
      scale: { zero: false, nice: true, padding: 10 },
    }) as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Mean test accuracy against accounted parameters a task, a curve a family of methods",
    width,
    height,
    config: chartConfig(look),
    data: { values: points.map((point) => ({ ...point })) },
    layer: [
      {
        mark: { type: "area", opacity: 0.16, line: false },
        encoding: { x, y: y("testLow"), y2: { field: "testHigh" }, color },
      },
      {
        mark: { type: "rule", strokeWidth: 1.2, opacity: 0.55 },
        encoding: { x, y: y("testLow"), y2: { field: "testHigh" }, color },
      },
      { mark: { type: "line", strokeWidth: 2 }, encoding: { x, y: y("test"), color } },
      {
        mark: { type: "point", filled: true, size: 64, opacity: 1 },
        encoding: {
          x,
          y: y("test"),
          color,
          shape: seriesShape(look, "curve"),
          tooltip: [
            { field: "method" },
            { field: "test", format: ".2f", title: "test, %" },
            { field: "params", format: ".3f", title: "M a task" },
            { field: "runs", title: "repetitions" },
          ],
        },
      },
      {
        mark: { type: "text", dy: -11, fontSize: 10.5 },
        encoding: { x, y: y("test"), text: { field: "label" }, color: { value: look.muted } },
      },
    ],
  };
}
