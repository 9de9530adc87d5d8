// What the charts of sweeps share. A look's "tasks" are the series that have colours: tasks in some charts, methods in
// others.

import { type ChartLook, legendColumns, taskLabels, taskScale } from "../chart.js";

/** Colour by series, with a legend of those that are in the data. */
export const seriesColor = (look: ChartLook, field: string, width: number, present?: readonly string[]) =>
  ({
    field,
    type: "nominal",
    scale: taskScale(look),
    legend: {
      title: null,
      orient: "top",
      columns: legendColumns(look, width),
      labelExpr: taskLabels(look),
      symbolType: "circle",
      symbolOpacity: 1,
      symbolStrokeWidth: 0,
      ...(present && { values: [...present] }),
    },
  }) as const;

/** Shapes that go with the colours, so that colour never speaks alone. */
export const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

/** Shape by series, in the order of the look. */
export const seriesShape = (look: ChartLook, field: string) =>
  ({
    field,
    type: "nominal",
    scale: {
      domain: [...look.tasks],
      range: look.tasks.map((_, i) => SHAPES[i % SHAPES.length]!),
    },
    legend: null,
  }) as const;

/** An axis of names, one a row, unclipped up to `labelLimit` pixels. */
export const nameAxis = {
  domain: false,
  ticks: false,
  labelLimit: 340,
  labelPadding: 8,
  grid: false,
} as const;

/** A share as "12.3 %", or a dash for nothing; a Vega expression over `datum.<field>`. */
export const percentLabel = (field: string): string =>
  `datum.${field} < 0.0005 ? '–' : format(100 * datum.${field}, '.1f') + '\u202f%'`;
