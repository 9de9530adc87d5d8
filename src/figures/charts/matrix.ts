// Tasks × tasks as a heatmap with its numbers: knowledge exchange (muNet Fig. 6) and shared layers.

import type { ExchangeCell, SharedCell } from "../../analysis/sweep/exchange.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "./chart.js";
import { nameAxis, percentLabel } from "./parts.js";

interface Matrix {
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

/** Ancestors of each task's models by task, in per cent of the row. muNet Fig. 6. */
export const exchangeSpec = (cells: readonly ExchangeCell[], look: ChartLook): ChartSpec =>
  matrixSpec(cells, look, {
    description:
      "Ancestors of each task's final models by the task that they were made for, per cent of a row",
    row: "task",
    column: "source",
    rowTitle: "models of",
    columnTitle: "have ancestors made for",
    value: "share",
    most: 1,
    label: percentLabel("share"),
    tooltip: ["task", "source", "count"],
  });

/** Layers that the final models of two tasks have in common. */
export const sharedSpec = (cells: readonly SharedCell[], look: ChartLook): ChartSpec =>
  matrixSpec(cells, look, {
    description: "Layers that the final models of two tasks have in common; on the diagonal all of one model",
    row: "task",
    column: "other",
    rowTitle: "model of",
    columnTitle: "has layers in common with the model of",
    value: "layers",
    most: Math.max(1, ...cells.map(({ layers }) => layers)),
    label: "datum.layers === 0 ? '–' : format(datum.layers, '.3~g')",
    tooltip: ["task", "other", "layers", "params"],
  });

function matrixSpec(
  cells: readonly (ExchangeCell | SharedCell)[],
  look: ChartLook,
  matrix: Matrix,
): ChartSpec {
  const { row, column, value, most } = matrix;
  const step = look.tasks.length > 12 ? 40 : 64;
  const isNarrow = look.labels.some((label) => 7 * label.length > step);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: matrix.description,
    width: { step },
    height: { step: 36 },
    config: chartConfig(look),
    data: { values: cells.map((cell) => ({ ...cell })) },
    transform: [{ calculate: matrix.label, as: "label" }],
    encoding: {
      x: {
        field: column,
        type: "nominal",
        sort: [...look.tasks],
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
        sort: [...look.tasks],
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
