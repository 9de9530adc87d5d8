// The axes that all pictures of quality against size share: accounted parameters and accuracy.

import type { Place } from "../../analysis/pareto.js";
import { formatPercent } from "../../format/numbers.js";
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

/** Counts of parameters in one unit, that of the largest, with as many digits as tell neighbours apart. */
const counts = (ticks: readonly number[]): ((value: number) => string) => {
  const most = Math.max(...ticks, 0);
  const [unit, name] = most >= 1e6 ? [1e6, "M"] : most >= 1e3 ? [1e3, "k"] : [1, ""];
  const step = ticks.length > 1 ? (ticks[1]! - ticks[0]!) / unit : 1;
  const digits = Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9)));
  return (value) => (value === 0 ? "0" : `${(value / unit).toFixed(digits)}${name && `\u202f${name}`}`);
};

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
  x: counts,
  y: percent,
  xTitle: `accounted parameters${each}`,
  yTitle: isTest ? "mean test accuracy" : "validation accuracy",
});
