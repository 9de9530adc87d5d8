// Which point of a front to take, and why. Three choices follow from the numbers alone: the most accurate point, the
// smallest one that is within one standard error of it (as Breiman et al. choose a tree), and the knee, after which more
// size buys little accuracy. This file also finds the points that others dominate.

import { type Place, paretoFront } from "../pareto.js";

/** Why a point is chosen. */
export type Reason = "best" | "frugal" | "knee";

export interface Dominated<T> {
  readonly point: T;
  /** The smallest point that is at least as good in both ways. */
  readonly by: T;
}

export interface FrontChoice<T extends Place> {
  /** By rising size. */
  readonly front: readonly T[];
  readonly dominated: readonly Dominated<T>[];
  /** The most accurate; the last of the front. */
  readonly best: T;
  /** Fewest parameters within one standard error of the best. */
  readonly frugal: T;
  /** The least accuracy that counts: the best minus its standard error. */
  readonly limit: number;
  /** Farthest above the line from the front's first point to its last; null if none is above it. */
  readonly knee: T | null;
}

/** The choices on the front of `points`, `errorOf` being the standard error of a point's accuracy; undefined if there are no points. */
export function chooseOnFront<T extends Place>(
  points: readonly T[],
  errorOf: (point: T) => number,
): FrontChoice<T> | undefined {
  const front = paretoFront(points);
  const best = front.at(-1);
  if (!best) return undefined;
  const limit = best.accuracy - errorOf(best);
  const isFront = new Set(front);
  return {
    front,
    dominated: points
      .filter((point) => !isFront.has(point))
      .map((point) => ({ point, by: front.find((other) => isAtLeast(other, point))! })),
    best,
    frugal: front.find(({ accuracy }) => accuracy >= limit) ?? best,
    limit,
    knee: kneeOf(front),
  };
}

const isAtLeast = (a: Place, b: Place): boolean => a.params <= b.params && a.accuracy >= b.accuracy;

/** Heights above the line that are only rounding errors, as a share of the front's height. */
const LEVEL = 1e-9;

/** `front` by rising size; both ways are measured from its first point to its last, so that no unit counts for more. */
function kneeOf<T extends Place>(front: readonly T[]): T | null {
  const [first, last] = [front[0], front.at(-1)];
  if (!first || !last || front.length < 3) return null;
  const height = ({ params, accuracy }: T) =>
    (accuracy - first.accuracy) / (last.accuracy - first.accuracy) -
    (params - first.params) / (last.params - first.params);
  const top = front.reduce((highest, point) => (height(point) > height(highest) ? point : highest));
  return height(top) > LEVEL ? top : null;
}
