// Where the training of each task's model came from: rows are models, columns the tasks that they were trained on. µ2Net §5.1.

import { type TransferCell, transferCells } from "../../analysis/transfer.js";
import { runChart } from "../kinds.js";
import { bounded } from "../vega/bounded.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { percentLabel } from "../vega/parts.js";
import { shareCells, trainedOn } from "../vega/shares.js";

export const transfer = runChart(
  {
    name: "transfer",
    title: "share of gradient steps by task in each model",
    paper: "µ2Net §5.1",
  },
  ({ state }) => transferCells(state),
  transferSpec,
);

/** Most rows and columns that stay readable. */
const MOST = 40;

/** Tasks × tasks: share of gradient steps by source task in each retained model. µ2Net §5.1. */
export function transferSpec(cells: readonly TransferCell[], look: ChartLook): ChartSpec {
  const { tasks, title } = bounded(look.tasks, MOST, look);
  const isShown = new Set(tasks);
  const values = cells.filter(({ task, source }) => isShown.has(task) && isShown.has(source));
  const rows = tasks.filter((task) => values.some((cell) => cell.task === task));
  const cell = look.tasks.length > 12 ? 38 : 86;
  const narrow = look.labels.some((label) => 7 * label.length > cell);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in each task's retained model",
    ...title,
    width: { step: cell },
    height: { step: Math.min(cell, 46) },
    config: chartConfig(look),
    data: { values: values.map((c) => ({ ...c })) },
    transform: [{ calculate: percentLabel("share"), as: "label" }],
    encoding: {
      x: trainedOn(tasks, look, {
        orient: "top",
        labelAngle: narrow ? -35 : 0,
        labelLimit: 160,
        titleAnchor: "start",
        labelPadding: 6,
      }),
      y: {
        field: "task",
        type: "nominal",
        sort: rows,
        title: "model of",
        axis: { labelExpr: taskLabels(look), domain: false, ticks: false, labelLimit: 200, labelPadding: 8 },
      },
    },
    layer: shareCells(look, cell > 60 ? 14 : 10),
  };
}
