// The axes shared by all pictures of quality against size: accounted parameters and accuracy.

import type { Place } from "../../analysis/pareto.js";
import { formatPercent } from "../../format/numbers.js";
import { type Axis, axisFor, type PlotArea } from "./plot.js";
import { type Mark, px } from "./scene.js";

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

/** Parameter counts, all in the unit of the largest, with enough digits to distinguish neighbours. */
const counts = (ticks: readonly number[]): ((value: number) => string) => {
  const most = Math.max(...ticks, 0);
  const [unit, name] = most >= 1e6 ? [1e6, "M"] : most >= 1e3 ? [1e3, "k"] : [1, ""];
  const step = ticks.length > 1 ? (ticks[1]! - ticks[0]!) / unit : 1;
  const digits = Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9)));
  return (value) => (value === 0 ? "0" : `${(value / unit).toFixed(digits)}${name && `\u202f${name}`}`);
};

/** The least range of an axis: ten points of accuracy, a tenth of the parameters. */
const LEAST_ACCURACY = 0.1;
const LEAST_PARAMS = 0.1;

/** Axes for `places` and for `also`, accuracies that are marked too. */
export function axes(
  places: readonly Place[],
  { left, top, width, height }: PlotArea,
  also: readonly number[] = [],
): { x: Axis; y: Axis } {
  const params = places.map(({ params: count }) => count);
  return {
    x: axisFor(params, left, left + width, {
      limits: [0, Number.POSITIVE_INFINITY],
      least: LEAST_PARAMS * Math.max(1, ...params),
    }),
    y: axisFor([...places.map(({ accuracy }) => accuracy), ...also], top + height, top, {
      limits: [0, 1],
      least: LEAST_ACCURACY,
    }),
  };
}

/** Chance levels near enough to `places` to be marked: no further below the worst than the best is above it. */
export function nearChance(places: readonly Place[], chances: readonly number[]): number[] {
  const accuracies = places.map(({ accuracy }) => accuracy);
  const [least, most] = [Math.min(...accuracies), Math.max(...accuracies)];
  const reach = Math.max(LEAST_ACCURACY, most - least);
  return [...new Set(chances)].filter((chance) => chance >= least - reach && chance <= most + reach);
}

/** A dashed line at chance level. */
export const chanceMarks = ({ left, width }: PlotArea, y: Axis, chances: readonly number[]): Mark[] =>
  chances.flatMap((chance): Mark[] => [
    {
      kind: "path",
      class: "chance",
      d: `M${left} ${px(y.at(chance))}H${left + width}`,
      fill: "none",
      stroke: "muted",
      strokeWidth: 1.2,
      dash: "5 4",
    },
    {
      kind: "text",
      class: "label",
      x: left + width,
      y: y.at(chance) - 4,
      text: `chance, ${formatPercent(chance, 0)}`,
      size: 10.5,
      anchor: "end",
      fill: "muted",
    },
  ]);

export const texts = (isTest: boolean, each: string) => ({
  x: counts,
  y: percent,
  xTitle: `accounted parameters${each}`,
  yTitle: isTest ? "mean test accuracy" : "validation accuracy",
});
