// Like transfer.ts, but layer by layer. µ2Net §5.1.

import { type LayerTransferCell, layerTransferCells } from "../../analysis/transfer.js";
import { byPlace, componentLabel } from "../../format/components.js";
import { runChart } from "../kinds.js";
import { bounded } from "../vega/bounded.js";
import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "../vega/chart.js";
import { percentLabel } from "../vega/parts.js";
import { shareCells, trainedOn } from "../vega/shares.js";

export const layers = runChart(
  {
    name: "layers",
    title: "the same, layer by layer",
    paper: "µ2Net §5.1",
  },
  ({ state }) => layerTransferCells(state),
  layerTransferSpec,
);

/** Most models whose layers stay readable beside each other. */
const MOST = 12;

/** Pixels of a column, of the names beside a panel, and of all panels in a row. */
const STEP = 58;
const NAMES = 130;
const MOST_WIDTH = 1700;

/** Layers × tasks, one panel per retained model: where the training of every layer came from. */
export function layerTransferSpec(cells: readonly LayerTransferCell[], look: ChartLook): ChartSpec {
  const { tasks, title } = bounded(look.tasks, MOST, look);
  const isShown = new Set(tasks);
  const shown = cells.filter(({ task, source }) => isShown.has(task) && isShown.has(source));
  const order = [...new Set(cells.map((cell) => cell.layer))].sort(byPlace);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in every layer of each task's retained model",
    ...title,
    config: chartConfig(look),
    data: {
      values: shown.map((c) => ({
        ...c,
        model: look.labels[look.tasks.indexOf(c.task)],
        component: componentLabel(c.layer),
      })),
    },
    transform: [{ calculate: percentLabel("share"), as: "label" }],
    facet: {
      field: "model",
      type: "nominal",
      sort: [...look.labels],
      title: null,
      header: { labelFontWeight: "bold" },
    },
    columns: Math.max(1, Math.floor(MOST_WIDTH / (STEP * tasks.length + NAMES))),
    spec: {
      width: { step: STEP },
      height: { step: 26 },
      encoding: {
        x: trainedOn(tasks, look, { orient: "bottom", labelAngle: -30, labelLimit: 120 }),
        y: {
          field: "component",
          type: "nominal",
          sort: order.map(componentLabel).reverse(),
          title: null,
          axis: { domain: false, ticks: false },
        },
      },
      layer: shareCells(look, 11),
    },
  };
}
