// Shares of gradient steps as a heatmap with its numbers: what the charts of transfer have in common.

import { type ChartLayer, type ChartLook, taskLabels } from "./chart.js";
import { numberColor, shareScale } from "./heatmap.js";

/** The axis of the tasks that were trained on. */
export const trainedOn = (
  tasks: readonly string[],
  look: ChartLook,
  axis: {
    readonly orient: "top" | "bottom";
    readonly labelAngle: number;
    readonly labelLimit: number;
    readonly titleAnchor?: "start";
    readonly labelPadding?: number;
  },
) =>
  ({
    field: "source",
    type: "nominal",
    sort: [...tasks],
    title: "trained on",
    axis: { ...axis, labelExpr: taskLabels(look), domain: false, ticks: false },
  }) as const;

/** A cell in the colour of its share, and the share in words, which is in the field "label". */
export const shareCells = (look: ChartLook, fontSize: number): ChartLayer[] => [
  {
    mark: { type: "rect", stroke: look.surface, strokeWidth: 2, cornerRadius: 3 },
    encoding: { color: { field: "share", type: "quantitative", scale: shareScale(look), legend: null } },
  },
  {
    mark: { type: "text", fontSize },
    encoding: { text: { field: "label" }, color: numberColor(look) },
  },
];
