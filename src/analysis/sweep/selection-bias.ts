// Selection bias. A model is selected because it did best on a few validation images, out of many evaluations, so its
// validation accuracy looks better than the model is; the test shows by how much. We compare the observed gap with the gap
// that selection alone could produce: if all N evaluations were of equally good models and their errors independent, each
// would be binomial around the true accuracy q with n images, and the best of N would exceed q by E[max] − q. That is about
// √(q(1−q)/n) times the expected maximum of N normals; here it is exact. It is an upper bound: candidates differ in quality,
// and they are tested on the same images, so their errors are partly the same. method.md §j-8.

import { hasReplicas, type Variant } from "../../core/variant.js";
import type { PointTask, SweepPoint } from "../point.js";
import { type Interval, interval, logGamma, mean } from "../stats.js";
import { groupPoints, taskPairs } from "./groups.js";

/** Expected excess of the best of `evaluations` equally good models over their `accuracy`, on `images` images; in [0, 1 − accuracy]. */
export function selectionBound(accuracy: number, images: number, evaluations: number): number {
  if (images < 1 || evaluations < 1 || accuracy <= 0 || accuracy >= 1) return 0;
  // E[max] = Σ P(max > k) = Σ 1 − F(k)^N over k = 0 … n − 1, with F the binomial distribution function.
  let below = 0;
  let expected = 0;
  for (let k = 0; k < images; k++) {
    below = Math.min(1, below + Math.exp(logBinomial(k, images, accuracy)));
    expected += 1 - below ** evaluations;
  }
  return Math.max(0, expected / images - accuracy);
}

const logBinomial = (k: number, n: number, p: number): number =>
  logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log(1 - p);

/** "none seen": no larger than noise; "within bias": no larger than selection explains; "beyond bias": the splits differ, or leak. */
export type SelectionVerdict = "none seen" | "within bias" | "beyond bias" | "test is easier";

/** One variant's models of one task, over repetitions. Accuracies and gaps in [0, 1]. */
export interface SelectionRow {
  readonly variant: Variant;
  readonly task: string;
  readonly runs: number;
  readonly validationImages: number;
  readonly testImages: number;
  /** Validations that the model was selected from, mean over repetitions; those of replicas that end alike count once. */
  readonly evaluations: number;
  readonly validation: number;
  readonly test: number;
  /** Validation minus test. */
  readonly gap: Interval;
  /** The largest gap expected from selection alone. */
  readonly bound: number;
  /** Standard error of the mean gap from the size of both splits. */
  readonly noise: number;
  readonly verdict: SelectionVerdict;
}

/** One row per variant and task; tasks that were not tested yet have none. */
export const selectionRows = (points: readonly SweepPoint[]): SelectionRow[] =>
  groupPoints(points).flatMap(({ variant, points: own }) =>
    taskPairs(own).map(({ task, models }) => selectionRow(variant, task, models)),
  );

function selectionRow(variant: Variant, task: string, models: readonly PointTask[]): SelectionRow {
  const first = models[0]!;
  const test = mean(models.map(({ testAccuracy }) => testAccuracy));
  const gap = interval(models.map((model) => model.validationAccuracy - model.testAccuracy));
  const evaluations = models.map((model) => chances(variant, model));
  const bound = mean(
    models.map((m, i) => selectionBound(m.testAccuracy, m.images.validation, evaluations[i]!)),
  );
  // Repetitions draw different validation images but share the test images, so averaging does not remove the noise of the
  // test images.
  const { images } = first;
  const spread = test * (1 - test) * (1 / images.test + 1 / (models.length * images.validation));
  const noise = Math.sqrt(spread);
  return {
    variant,
    task,
    runs: models.length,
    validationImages: first.images.validation,
    testImages: first.images.test,
    evaluations: mean(evaluations),
    validation: mean(models.map(({ validationAccuracy }) => validationAccuracy)),
    test,
    gap,
    bound,
    noise,
    verdict: selectionVerdict(gap.mean, bound, noise),
  };
}

/** Evaluations to select from; replicas that end alike repeat one result, which counts once. */
const chances = (variant: Variant, { children, validations }: PointTask): number =>
  hasReplicas(variant) ? validations / Math.max(1, children) : validations;

/** Gaps within two standard errors are noise. */
export const selectionVerdict = (gap: number, bound: number, noise: number): SelectionVerdict =>
  gap < -2 * noise
    ? "test is easier"
    : gap <= 2 * noise
      ? "none seen"
      : gap <= bound + 2 * noise
        ? "within bias"
        : "beyond bias";
