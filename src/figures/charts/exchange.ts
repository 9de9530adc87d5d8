// Ancestors of each task's models by task. muNet Fig. 6.

import { type ExchangeCell, exchangeCells, tasksOf } from "../../analysis/sweep/exchange.js";
import { chart, type FigureDefinition } from "../drawing.js";
import { taskChartLook } from "../scenes/palette.js";
import { oneVariant } from "../variants.js";
import type { ChartLook, ChartSpec } from "../vega/chart.js";
import { matrixSpec } from "../vega/heatmap.js";
import { percentLabel } from "../vega/parts.js";

export const exchange: FigureDefinition = {
  name: "exchange",
  title: "ancestors of each task's models by task, in per cent of the row",
  paper: "muNet Fig. 6",
  of: "both",
  draw(source, options) {
    const points = oneVariant(source, options);
    const rows = exchangeCells(points);
    return chart(rows, (theme) => exchangeSpec(rows, taskChartLook(tasksOf(points), theme)));
  },
};

const exchangeSpec = (cells: readonly ExchangeCell[], look: ChartLook): ChartSpec =>
  matrixSpec(cells, look, {
    description:
      "Ancestors of each task's final models by the task that they were made for, in per cent of the row",
    row: "task",
    column: "source",
    rowTitle: "models of",
    columnTitle: "have ancestors made for",
    value: "share",
    most: 1,
    label: percentLabel("share"),
    tooltip: ["task", "source", "count"],
  });
