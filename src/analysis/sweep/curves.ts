// The rows behind the curves of a sweep: quality against size (muNet Fig. 3 and 4), and the learning curves along the
// lineages of final models (Fig. 5).

import type { TaskName } from "../../core/model.js";
import { variantName } from "../../core/variant.js";
import { pointLabel, qualityCurve, variantLabel } from "../../format/method-names.js";
import type { SweepPoint } from "../point.js";
import { mean, populationStd } from "../stats.js";
import { groupPoints, paramsOf, testOf } from "./groups.js";

/** One variant as a point of a quality/size curve: means over repetitions, ± population deviation. */
export interface QualityPoint {
  readonly curve: string;
  readonly method: string;
  /** What distinguishes the points of a curve: "s 0.3", "dim 64", "above block 1". */
  readonly label: string;
  readonly runs: number;
  /** Accounted parameters per task, millions. */
  readonly params: number;
  readonly paramsStd: number;
  /** Mean test accuracy, per cent. */
  readonly test: number;
  readonly testLow: number;
  readonly testHigh: number;
}

/** Every variant, by curve and rising size. */
export function qualityPoints(points: readonly SweepPoint[]): QualityPoint[] {
  const rows = groupPoints(points).map(({ variant, points: own }): QualityPoint => {
    const tests = own.map((point) => 100 * testOf(point));
    const params = own.map((point) => paramsOf(point) / 1e6);
    const [test, std] = [mean(tests), populationStd(tests)];
    return {
      curve: qualityCurve(variant),
      method: variantLabel(variant),
      label: pointLabel(variant),
      runs: own.length,
      params: mean(params),
      paramsStd: populationStd(params),
      test,
      testLow: test - std,
      testHigh: test + std,
    };
  });
  const curves = [...new Set(rows.map(({ curve }) => curve))];
  return rows.sort((a, b) => curves.indexOf(a.curve) - curves.indexOf(b.curve) || a.params - b.params);
}

/** A validation, the selected model's best ("selected") or its test, on the way to one final model. Accuracy in [0, 1]. */
export interface LearningPoint {
  readonly task: TaskName;
  readonly method: string;
  readonly repetition: number;
  readonly kind: "validation" | "selected" | "test";
  /** Validations along the lineage, from 0. */
  readonly validation: number;
  readonly accuracy: number;
}

/** Learning curves of the variants named `names`; the selection and the test are where the curve ends. muNet Fig. 5. */
export const learningPoints = (points: readonly SweepPoint[], names: readonly string[]): LearningPoint[] =>
  points
    .filter(({ variant }) => names.includes(variantName(variant)))
    .flatMap(({ variant, repetition, tasks }) =>
      tasks.flatMap(({ task, curve, validationAccuracy, testAccuracy }) => {
        const base = { task, method: variantLabel(variant), repetition };
        const last = Math.max(0, curve.length - 1);
        return [
          ...curve.map((accuracy, validation) => ({
            ...base,
            kind: "validation" as const,
            validation,
            accuracy,
          })),
          { ...base, kind: "selected" as const, validation: last, accuracy: validationAccuracy },
          ...(Number.isFinite(testAccuracy)
            ? [{ ...base, kind: "test" as const, validation: last, accuracy: testAccuracy }]
            : []),
        ];
      }),
    );

/** The few variants that a crowded figure shows by default: muNet, its ablations at s = 1, full, most adapters. */
export function mainVariants(points: readonly SweepPoint[]): string[] {
  const groups = groupPoints(points);
  const adapters = groups
    .flatMap(({ variant }) => (variant.method === "adapters" ? [variant.dim] : []))
    .sort((a, b) => b - a);
  const wanted = ["munet-s1", "munet-s1-no-tuning", "full", `adapters-${adapters[0]}`];
  const there = wanted.filter((name) => groups.some((group) => group.name === name));
  return there.length > 0 ? there : groups.slice(0, 4).map(({ name }) => name);
}
