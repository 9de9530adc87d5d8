// Heatmaps of knowledge transfer with their numbers: rows are models, columns whose gradient steps they are made of.

import { type ChartLook, type ChartSpec, chartConfig, VEGA_LITE_SCHEMA } from "./chart.js";
import type { LayerTransferCell, TransferCell } from "./transfer.js";

/** From the ground to the accent; a share of nothing is no colour at all. */
const shareScale = ({ panel, accent }: ChartLook) => ({
  domain: [0, 1],
  range: [panel, accent],
  interpolate: "lab" as const,
});

/** Numbers that stand out from their cell. */
const numberColor = ({ ink, surface, dark }: ChartLook) => ({
  condition: { test: `datum.share > ${dark ? 0.5 : 0.55}`, value: surface },
  value: ink,
});

const label = "datum.share < 0.0005 ? '–' : format(datum.share, '.1%')";

/** Tasks × tasks: share of gradient steps by source task in each retained model. µ2Net §5.1. */
export function transferSpec(cells: readonly TransferCell[], look: ChartLook): ChartSpec {
  const rows = look.tasks.filter((task) => cells.some((cell) => cell.task === task));
  const cell = look.tasks.length > 12 ? 34 : 74;
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in each task's retained model",
    width: { step: cell },
    height: { step: Math.min(cell, 44) },
    config: chartConfig(look),
    data: { values: cells.map((c) => ({ ...c })) },
    transform: [{ calculate: label, as: "label" }],
    encoding: {
      x: {
        field: "source",
        type: "nominal",
        sort: [...look.tasks],
        title: "trained on",
        axis: {
          orient: "top",
          labelAngle: look.tasks.length > 6 ? -40 : 0,
          labelLimit: 160,
          domain: false,
          ticks: false,
          labelPadding: 6,
        },
      },
      y: {
        field: "task",
        type: "nominal",
        sort: rows,
        title: "model of",
        axis: { domain: false, ticks: false, labelLimit: 200, labelPadding: 8 },
      },
    },
    layer: [
      {
        mark: { type: "rect", stroke: look.surface, strokeWidth: 2, cornerRadius: 3 },
        encoding: {
          color: { field: "share", type: "quantitative", scale: shareScale(look), legend: null },
        },
      },
      {
        mark: { type: "text", fontSize: cell > 60 ? 13 : 10 },
        encoding: { text: { field: "label" }, color: numberColor(look) },
      },
    ],
  };
}

/** Layers × tasks, a panel for each retained model: where the training of every layer came from. */
export function layerTransferSpec(cells: readonly LayerTransferCell[], look: ChartLook): ChartSpec {
  const order = [...new Set(cells.map((cell) => cell.layer))];
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in every layer of each task's retained model",
    config: chartConfig(look),
    data: { values: cells.map((c) => ({ ...c })) },
    transform: [{ calculate: label, as: "label" }],
    facet: {
      column: { field: "task", type: "nominal", sort: [...look.tasks], title: null },
    },
    spec: {
      width: { step: 58 },
      height: { step: 26 },
      encoding: {
        x: {
          field: "source",
          type: "nominal",
          sort: [...look.tasks],
          title: "trained on",
          axis: { orient: "bottom", labelAngle: -30, labelLimit: 120, domain: false, ticks: false },
        },
        y: {
          field: "layer",
          type: "nominal",
          sort: order.toReversed(),
          title: null,
          axis: { domain: false, ticks: false },
        },
      },
      layer: [
        {
          mark: { type: "rect", stroke: look.surface, strokeWidth: 2, cornerRadius: 3 },
          encoding: {
            color: { field: "share", type: "quantitative", scale: shareScale(look), legend: null },
          },
        },
        {
          mark: { type: "text", fontSize: 11 },
          encoding: { text: { field: "label" }, color: numberColor(look) },
        },
      ],
    },
  };
}
