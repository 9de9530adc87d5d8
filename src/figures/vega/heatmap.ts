// Heatmaps with numbers, of tasks by tasks or by something else.

import { bounded } from "./bounded.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "./chart.js";
import { nameAxis } from "./parts.js";

/** Tasks × tasks. */
export interface Matrix {
  readonly description: string;
  readonly row: string;
  readonly column: string;
  readonly rowTitle: string;
  readonly columnTitle: string;
  /** Field with the number that colours a cell, and the number that is full colour. */
  readonly value: string;
  readonly most: number;
  /** Vega expression of a cell's text. */
  readonly label: string;
  readonly tooltip: readonly string[];
}

/** Most rows and columns that stay readable. */
const MOST = 40;

/** One cell per pair of tasks, with its number. The look's series are the tasks. */
export function matrixSpec(cells: readonly object[], look: ChartLook, matrix: Matrix): ChartSpec {
  const { row, column, value, most } = matrix;
  const { tasks, title } = bounded(look.tasks, MOST, look);
  const isShown = new Set(tasks);
  const shown = (cells as readonly Readonly<Record<string, string>>[]).filter(
    (cell) => isShown.has(cell[row]!) && isShown.has(cell[column]!),
  );
  const step = look.tasks.length > 12 ? 40 : 64;
  const isNarrow = look.labels.some((label) => 7 * label.length > step);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: matrix.description,
    ...title,
    width: { step },
    height: { step: 36 },
    config: chartConfig(look),
    data: { values: shown.map((cell) => ({ ...cell })) },
    transform: [{ calculate: matrix.label, as: "label" }],
    encoding: {
      x: {
        field: column,
        type: "nominal",
        sort: [...tasks],
        title: matrix.columnTitle,
        axis: {
          ...nameAxis,
          orient: "top",
          labelAngle: isNarrow ? -35 : 0,
          labelExpr: taskLabels(look),
          labelPadding: 6,
        },
      },
      y: {
        field: row,
        type: "nominal",
        sort: [...tasks],
        title: matrix.rowTitle,
        axis: { ...nameAxis, labelExpr: taskLabels(look) },
      },
    },
    layer: [
      {
        mark: { type: "rect", stroke: look.surface, strokeWidth: 2, cornerRadius: 3 },
        encoding: {
          color: {
            field: value,
            type: "quantitative",
            scale: { domain: [0, most], range: [look.panel, look.accent], interpolate: "lab" },
            legend: null,
          },
          tooltip: matrix.tooltip.map((field) => ({ field })),
        },
      },
      {
        mark: { type: "text", fontSize: 11.5 },
        encoding: {
          text: { field: "label" },
          color: {
            condition: { test: `datum.${value} > ${(look.dark ? 0.6 : 0.8) * most}`, value: look.surface },
            value: look.ink,
          },
        },
      },
    ],
  };
}

/** Colour of a share in [0, 1], from the background to the accent; zero has no colour at all. */
export const shareScale = ({ panel, accent }: ChartLook) => ({
  domain: [0, 1],
  range: [panel, accent],
  interpolate: "lab" as const,
});

/** Colour of numbers, with a contrast of at least 3.8 : 1 to their cell. */
export const numberColor = ({ ink, surface, dark }: ChartLook) => ({
  condition: { test: `datum.share > ${dark ? 0.6 : 0.8}`, value: surface },
  value: ink,
});
