// Who may build on whom, and who does. µ2Net §3.4.

import { type AccessCell, accessCells } from "../../analysis/access.js";
import { runChart } from "../kinds.js";
import { bounded } from "../vega/bounded.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { numberColor, shareScale } from "../vega/heatmap.js";
import { percentLabel } from "../vega/parts.js";

export const access = runChart(
  {
    name: "access",
    title:
      "which task may build on which (a cross: it may not), and the share of its steps that it took from there",
    paper: "µ2Net §3.4",
  },
  ({ state }) => accessCells(state),
  accessSpec,
);

/** Most rows and columns that stay readable. */
const MOST = 40;

function accessSpec(cells: readonly AccessCell[], look: ChartLook): ChartSpec {
  const { tasks, title } = bounded(look.tasks, MOST, look);
  const isShown = new Set(tasks);
  const values = cells.filter(({ task, source }) => isShown.has(task) && isShown.has(source));
  const labelExpr = taskLabels(look);
  const cell = tasks.length > 12 ? 42 : 62;
  const axis = { labelExpr, domain: false, ticks: false, labelLimit: 180, labelPadding: 8 } as const;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description:
      "Which task may build on which, and the share of its model's gradient steps that came from there",
    ...title,
    width: { step: cell },
    height: { step: Math.min(cell, 40) },
    config: chartConfig(look),
    data: { values: values.map((each) => ({ ...each })) },
    transform: [{ calculate: `datum.share > 0 ? ${percentLabel("share")} : ''`, as: "label" }],
    encoding: {
      x: {
        field: "source",
        type: "nominal",
        sort: [...tasks],
        title: "may build on",
        axis: { ...axis, orient: "top", labelAngle: -35 },
      },
      y: { field: "task", type: "nominal", sort: [...tasks], title: "task", axis },
    },
    layer: [
      {
        transform: [{ filter: "datum.may" }],
        mark: { type: "rect", stroke: look.surface, strokeWidth: 2, cornerRadius: 3 },
        encoding: {
          color: { field: "share", type: "quantitative", scale: shareScale(look), legend: null },
          tooltip: [
            { field: "task", title: "task" },
            { field: "source", title: "may build on" },
            { field: "label", title: "does so with" },
          ],
        },
      },
      {
        transform: [{ filter: "!datum.may" }],
        mark: { type: "text", fontSize: 15, color: look.muted },
        encoding: { text: { value: "✕" } },
      },
      {
        transform: [{ filter: "datum.may" }],
        mark: { type: "text", fontSize: cell > 40 ? 12 : 9 },
        encoding: { text: { field: "label" }, color: numberColor(look) },
      },
    ],
  };
}
