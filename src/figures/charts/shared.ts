// Layers that the final models of two tasks have in common.

import { type SharedCell, sharedCells } from "../../analysis/sweep/exchange.js";
import { variantChart } from "../kinds.js";
import type { ChartLook, ChartSpec } from "../vega/chart.js";
import { matrixSpec } from "../vega/heatmap.js";

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

export const shared = variantChart(
  {
    name: "shared",
    title: "layers that the final models of two tasks have in common",
    paper: "muNet's analysis",
    of: "both",
  },
  sharedCells,
  sharedSpec,
);
