// The axes that all pictures of quality against size share: accounted parameters and accuracy.

import { formatParams, formatPercent } from "../format.js";
import type { Place } from "./pareto.js";
import { type Axis, axisFor, type PlotArea } from "./plot.js";

export interface ParetoSize {
  readonly width?: number;
  readonly height?: number;
}

export const area = (width: number, height: number): PlotArea => ({
  left: 58,
  top: 34,
  width: width - 58 - 22,
  height: height - 34 - 48,
});

const percent = (value: number): string => formatPercent(value, 0);
const millions = (value: number): string => (value === 0 ? "0" : formatParams(value));

export const axes = (
  places: readonly Place[],
  { left, top, width, height }: PlotArea,
): { x: Axis; y: Axis } => ({
  x: axisFor(
    places.map(({ params }) => params),
    left,
    left + width,
    [0, Number.POSITIVE_INFINITY],
  ),
  y: axisFor(
    places.map(({ accuracy }) => accuracy),
    top + height,
    top,
    [0, 1],
  ),
});

export const texts = (isTest: boolean, each: string) => ({
  x: millions,
  y: percent,
  xTitle: `accounted parameters${each}`,
  yTitle: isTest ? "mean test accuracy" : "validation accuracy",
});
