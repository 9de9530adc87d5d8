// Heatmaps of knowledge transfer with their numbers: rows are models, columns whose gradient steps they are made of.

import type { LayerTransferCell, TransferCell } from "../../analysis/transfer.js";
import { byPlace, componentLabel } from "../../format/components.js";
import { type ChartLook, type ChartSpec, chartConfig, taskLabels, VEGA_LITE_SCHEMA } from "./chart.js";

/** From the ground to the accent; a share of nothing is no colour at all. */
const shareScale = ({ panel, accent }: ChartLook) => ({
  domain: [0, 1],
  range: [panel, accent],
  interpolate: "lab" as const,
});

/** Numbers that stand out from their cell: contrast at least 3.8 : 1 everywhere. */
const numberColor = ({ ink, surface, dark }: ChartLook) => ({
  condition: { test: `datum.share > ${dark ? 0.6 : 0.8}`, value: surface },
  value: ink,
});

const label = "datum.share < 0.0005 ? '–' : format(100 * datum.share, '.1f') + '\u202f%'";

/** Tasks × tasks: share of gradient steps by source task in each retained model. µ2Net §5.1. */
export function transferSpec(cells: readonly TransferCell[], look: ChartLook): ChartSpec {
  const rows = look.tasks.filter((task) => cells.some((cell) => cell.task === task));
  const cell = look.tasks.length > 12 ? 38 : 86;
  const narrow = look.labels.some((label) => 7 * label.length > cell);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in each task's retained model",
    width: { step: cell },
    height: { step: Math.min(cell, 46) },
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
          labelAngle: narrow ? -35 : 0,
          labelExpr: taskLabels(look),
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
        axis: { labelExpr: taskLabels(look), domain: false, ticks: false, labelLimit: 200, labelPadding: 8 },
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
        mark: { type: "text", fontSize: cell > 60 ? 14 : 10 },
        encoding: { text: { field: "label" }, color: numberColor(look) },
      },
    ],
  };
}

/** Layers × tasks, a panel for each retained model: where the training of every layer came from. */
export function layerTransferSpec(cells: readonly LayerTransferCell[], look: ChartLook): ChartSpec {
  const order = [...new Set(cells.map((cell) => cell.layer))].sort(byPlace);
  return {
    $schema: VEGA_LITE_SCHEMA,
    description: "Share of gradient steps by task in every layer of each task's retained model",
    config: chartConfig(look),
    data: {
      values: cells.map((c) => ({
        ...c,
        model: look.labels[look.tasks.indexOf(c.task)],
        component: componentLabel(c.layer),
      })),
    },
    transform: [{ calculate: label, as: "label" }],
    facet: {
      column: {
        field: "model",
        type: "nominal",
        sort: [...look.labels],
        title: null,
        header: { labelFontWeight: "bold" },
      },
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
          axis: {
            orient: "bottom",
            labelAngle: -30,
            labelExpr: taskLabels(look),
            labelLimit: 120,
            domain: false,
            ticks: false,
          },
        },
        y: {
          field: "component",
          type: "nominal",
          sort: order.map(componentLabel).reverse(),
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
