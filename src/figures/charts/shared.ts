// Layers that the final models of two tasks have in common.

import { type SharedCell, sharedCells, tasksOf } from "../../analysis/sweep/exchange.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { taskChartLook } from "../scenes/palette.js";
import { oneVariant } from "../variants.js";
import type { ChartLook, ChartSpec } from "../vega/chart.js";
import { matrixSpec } from "../vega/heatmap.js";

export const shared: FigureDefinition = {
  name: "shared",
  title: "layers that the final models of two tasks have in common",
  paper: "muNet's analysis",
  of: "both",
  draw(source, options) {
    const points = oneVariant(source, options);
    const rows = sharedCells(points);
    return chart(rows, (theme) => sharedSpec(rows, taskChartLook(tasksOf(points), theme)));
  },
};

const sharedSpec = (cells: readonly SharedCell[], look: ChartLook): ChartSpec =>
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
