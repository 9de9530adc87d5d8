// Shared by the charts of sweeps. A look's "tasks" are the coloured series: tasks in some charts, methods in others.

import { formatCount } from "../../format/numbers.js";
import { type ChartLook, legendColumns, taskLabels, taskScale } from "./chart.js";

/** Colour by series, with a legend of those in the data. */
export const seriesColor = (look: ChartLook, field: string, width: number, present?: readonly string[]) =>
  ({
    field,
    type: "nominal",
    scale: taskScale(look),
    legend: { ...legend(look, width, present), symbolType: "circle" },
  }) as const;

/** Entries of a legend that are shown; of more it says how many there are. */
const MOST_ENTRIES = 40;

const legend = (look: ChartLook, width: number, present?: readonly string[]) => {
  const all = [...new Set(present ?? look.tasks)];
  const isCut = all.length > MOST_ENTRIES;
  return {
    title: isCut ? `the first ${MOST_ENTRIES} of ${formatCount(all.length)}` : null,
    orient: "top",
    columns: legendColumns(look, width),
    symbolLimit: MOST_ENTRIES,
    labelExpr: taskLabels(look),
    symbolOpacity: 1,
    symbolStrokeWidth: 0,
    ...(isCut ? { values: all.slice(0, MOST_ENTRIES) } : present && { values: [...present] }),
  } as const;
};

const SHAPES = [
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
];

/** Colour and shape by series, so that nothing relies on colour alone; one legend for both. */
export const seriesMarks = (look: ChartLook, field: string, width: number, present: readonly string[]) => {
  const both = { field, type: "nominal", legend: legend(look, width, present) } as const;
  const range = look.tasks.map((_, i) => SHAPES[i % SHAPES.length]!);
  return {
    color: { ...both, scale: taskScale(look) },
    shape: { ...both, scale: { domain: [...look.tasks], range } },
  };
};

/** Width in pixels of each of two plots side by side. */
export const PAIR_SIZE = { width: 300, height: 240 } as const;

/** An axis of names, one per row, unclipped up to `labelLimit` pixels. */
export const nameAxis = {
  domain: false,
  ticks: false,
  labelLimit: 340,
  labelPadding: 8,
  grid: false,
} as const;

/** A share as "12.3 %", or a dash for zero; a Vega expression over `datum.<field>`. */
export const percentLabel = (field: string): string =>
  `datum.${field} < 0.0005 ? '–' : format(100 * datum.${field}, '.1f') + '\u202f%'`;

/** A count as an axis has room for it: "0", "500", "3k", "1.2M". */
export const countAxis = { labelExpr: "datum.value === 0 ? '0' : format(datum.value, '~s')" } as const;
