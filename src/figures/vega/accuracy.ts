// Axes of accuracy: small differences do not fill them, and chance is marked if it is near.

import type { ChartLayer, ChartLook } from "./chart.js";

/** Least range of an axis, as a share: a smaller one would look larger than it is. */
const LEAST = 0.1;

export interface AccuracyRange {
  readonly domain: [number, number];
  /** Chance levels inside it. */
  readonly chances: readonly number[];
}

/** An axis for `values` and for those `chances` that are no further below them than the values are apart; all are shares. */
export function accuracyRange(values: readonly number[], chances: readonly number[] = []): AccuracyRange {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return { domain: [0, 1], chances: [] };
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const reach = Math.max(LEAST, most - least);
  const near = [...new Set(chances)].filter((chance) => chance >= least - reach && chance <= most + reach);
  const [from, to] = [Math.min(least, ...near), Math.max(most, ...near)];
  const air = Math.max(0.04 * (to - from), (LEAST - (to - from)) / 2);
  const [low, high] = [Math.max(0, from - air), Math.min(1, to + air)];
  return {
    domain: [Math.max(0, Math.min(low, high - LEAST)), Math.min(1, Math.max(high, low + LEAST))],
    chances: near,
  };
}

/** The chance level of each task that `names` has. */
export const chanceLevels = (
  tasks: readonly { readonly name: string; readonly classes: number }[],
  names: Iterable<string>,
): number[] => {
  const wanted = new Set(names);
  return tasks.flatMap(({ name, classes }) => (wanted.has(name) && classes > 0 ? [1 / classes] : []));
};

/** An axis of accuracy in a spec. */
interface AccuracyAxis {
  readonly field: string;
  readonly type: "quantitative";
  readonly title: string;
  readonly scale: { readonly domain: [number, number]; readonly nice: false };
}

/** Dashed lines at chance level; `y` is the chart's own axis. */
export function chanceLayers(chances: readonly number[], y: AccuracyAxis, look: ChartLook): ChartLayer[] {
  if (chances.length === 0) return [];
  const values = chances.map((chance) => ({
    [y.field]: chance,
    words: `chance, ${(100 * chance).toFixed(0)}\u202f%`,
  }));
  const color = { value: look.muted };
  return [
    {
      data: { values },
      mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.2 },
      encoding: { y, color },
    },
    {
      data: { values },
      mark: { type: "text", align: "right", dx: -4, dy: -8, fontSize: 10.5 },
      encoding: { y, x: { value: "width" }, text: { field: "words" }, color },
    },
  ];
}
