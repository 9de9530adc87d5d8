// How far to trust one accuracy that was selected. A candidate on a front is the best of all validations of its task, so
// its accuracy may look better than the model is (sweep/selection-bias). Its interval reaches from what the accuracy would
// be if selection explained as much of it as possible to what was measured, with one standard error on either side.

import { selectionBound } from "../sweep/selection-bias.js";

/** Standard error of an accuracy in [0, 1] that was measured on `images` images; 0 if there are none. */
export const standardError = (accuracy: number, images: number): number =>
  images > 0 ? Math.sqrt((accuracy * (1 - accuracy)) / images) : 0;

/** The possible true values of an accuracy; all in [0, 1]. */
export interface SelectionInterval {
  /** The true accuracy for which the best of so many evaluations is expected to equal the measured one. */
  readonly corrected: number;
  readonly low: number;
  readonly high: number;
}

/** Steps of the bisection: to 2⁻²⁰ of the accuracy, far below the precision of any number of images. */
const STEPS = 20;

/** The interval of `accuracy`, the best of `evaluations` validations on `images` images. */
export function selectionInterval(accuracy: number, images: number, evaluations: number): SelectionInterval {
  const corrected = known(accuracy, images, evaluations);
  return {
    corrected,
    low: Math.max(0, corrected - standardError(corrected, images)),
    high: Math.min(1, accuracy + standardError(accuracy, images)),
  };
}

const found = new Map<string, number>();
/** Results that are cached, because a slider needs the same accuracies again and again. */
const MOST = 10_000;

function known(accuracy: number, images: number, evaluations: number): number {
  if (evaluations <= 1 || images < 1) return accuracy;
  const key = `${accuracy}/${images}/${evaluations}`;
  const old = found.get(key);
  if (old !== undefined) return old;
  if (found.size >= MOST) found.clear();
  const corrected = withoutBias(accuracy, images, evaluations);
  found.set(key, corrected);
  return corrected;
}

/** The q with q + selectionBound(q) = `accuracy`; the left side grows with q. */
function withoutBias(accuracy: number, images: number, evaluations: number): number {
  let [low, high] = [0, accuracy];
  for (let i = 0; i < STEPS; i++) {
    const q = (low + high) / 2;
    if (q + selectionBound(q, images, evaluations) < accuracy) low = q;
    else high = q;
  }
  return (low + high) / 2;
}
