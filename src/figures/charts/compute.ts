// Accuracy at every budget of examples and of operations, with intervals; dashed where a method had already ended.

import { type ComputeRow, computeRows, type Spent } from "../../analysis/sweep/compute.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { chartLook } from "../scenes/palette.js";
import { mainPoints, named, variantLabels } from "../variants.js";
import {
  type ChartLook,
  type ChartPanel,
  type ChartSpec,
  chartConfig,
  VEGA_LITE_SCHEMA,
} from "../vega/chart.js";
import { countAxis, seriesColor } from "../vega/parts.js";

export const compute: FigureDefinition = {
  name: "compute",
  title: "accuracy at every budget of examples and of operations; dashed after a method has ended",
  paper: "",
  of: "sweep",
  draw(source, options) {
    const points = mainPoints(source, options);
    const rows = [...computeRows(points, "examples"), ...computeRows(points, "flops")];
    return chart(
      rows.map(named),
      (theme) => computeSpec(rows, chartLook(variantLabels(points), theme)),
      "The course of these runs was not stored: they were made by an earlier version.",
    );
  },
};

const [WIDTH, HEIGHT] = [340, 260];

/** Two panels side by side; the look's series are the methods. */
function computeSpec(rows: readonly ComputeRow[], look: ChartLook): ChartSpec {
  const methods = look.tasks.filter((method) => rows.some((row) => row.method === method));
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "Best validation accuracy found by each method at every budget of training examples and of operations per task",
    config: chartConfig(look),
    hconcat: [
      panel("examples", "training examples per task", true, rows, methods, look),
      panel("flops", "operations of training per task", false, rows, methods, look),
    ],
  };
}

function panel(
  spent: Spent,
  title: string,
  isNamed: boolean,
  rows: readonly ComputeRow[],
  methods: readonly string[],
  look: ChartLook,
): ChartPanel {
  const own = rows.filter((row) => row.spent === spent);
  // A dashed line begins where the solid one ends.
  const values = own.flatMap(({ variant: _, ...row }) => {
    const isEnd = !row.lasts && own.some((other) => other.method === row.method && other.lasts);
    const end = Math.max(
      ...own.filter((one) => one.method === row.method && !one.lasts).map(({ budget }) => budget),
    );
    return isEnd && row.budget === end ? [row, { ...row, lasts: true }] : [row];
  });
  const x = {
    field: "budget",
    type: "quantitative",
    title,
    scale: { type: "log", nice: false },
    axis: { ...countAxis, tickCount: 5, grid: false },
  } as const;
  const y = (field: string) =>
    ({
      field,
      type: "quantitative",
      title: isNamed ? "best validation accuracy so far, %" : null,
      scale: { zero: false, nice: false },
      axis: { tickCount: 6 },
    }) as const;
  const color = seriesColor(look, "method", 2 * WIDTH, methods);
  const lines = {
    ...color,
    legend: { ...color.legend, symbolType: "stroke", symbolStrokeWidth: 3 },
  } as const;
  return {
    width: WIDTH,
    height: HEIGHT,
    data: { values },
    layer: [
      {
        transform: [{ filter: "isValid(datum.low)" }],
        mark: { type: "area", opacity: 0.13, line: false, interpolate: "step-after" },
        encoding: { x, y: y("low"), y2: { field: "high" }, color: lines },
      },
      ...[false, true].map((lasts) => ({
        transform: [{ filter: `datum.lasts === ${lasts}` }],
        mark: {
          type: "line" as const,
          strokeWidth: 2,
          interpolate: "step-after" as const,
          ...(lasts && { strokeDash: [5, 4] }),
        },
        encoding: { x, y: y("accuracy"), color: lines },
      })),
      {
        mark: { type: "point", filled: true, size: 30, opacity: 0 },
        encoding: {
          x,
          y: y("accuracy"),
          color: lines,
          tooltip: [
            { field: "method" },
            { field: "budget", format: ".3s", title },
            { field: "accuracy", format: ".2f", title: "accuracy, %" },
            { field: "low", format: ".2f" },
            { field: "high", format: ".2f" },
            { field: "runs", title: "repetitions" },
          ],
        },
      },
    ],
  };
}
