// Ancestors of each task's models by task. muNet Fig. 6.

import { type ExchangeCell, exchangeCells } from "../../analysis/sweep/exchange.js";
import { variantChart } from "../kinds.js";
import type { ChartLook, ChartSpec } from "../vega/chart.js";
import { matrixSpec } from "../vega/heatmap.js";
import { percentLabel } from "../vega/parts.js";

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

export const exchange = variantChart(
  {
    name: "exchange",
    title: "ancestors of each task's models by task, in per cent of the row",
    paper: "muNet Fig. 6",
    of: "both",
  },
  exchangeCells,
  exchangeSpec,
);
