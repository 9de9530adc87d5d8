// Every published number beside ours, with a verdict. The rule, in this order:
//   not comparable  analysis/sweep/comparable gives a reason, or neither side has a spread to judge by;
//   reproduced      our mean is within the published mean ± its std, or, where none is given, within rounding;
//   within noise    the 95 % interval of the difference includes 0 (two spreads: Welch; one run of ours, or no spread of
//                   theirs: by the one that there is);
//   differs         otherwise.

import { type Variant, variantName } from "../../core/variant.js";
import { BENCHMARKS } from "../paper/benchmarks.js";
import { MU2NET_TARGETS } from "../paper/mu2net.js";
import { MUNET_TARGETS } from "../paper/munet.js";
import type { Benchmark, Target } from "../paper/target.js";
import type { SweepPoint } from "../point.js";
import { type Interval, mean, populationStd, welchInterval } from "../stats.js";
import { isFixedSize, reasonsAgainst } from "./comparable.js";
import { measure } from "./measure.js";

export type Verdict = "reproduced" | "within noise" | "differs" | "not comparable";

/** One published number with ours beside it, both in its unit. */
export interface PublishedRow {
  readonly target: Target;
  /** Mean over our repetitions; null if there are none. */
  readonly ours: number | null;
  readonly ourStd: number | null;
  readonly runs: number;
  /** Ours minus the published. */
  readonly difference: Interval | null;
  readonly verdict: Verdict;
  /** Why it can't be compared; empty otherwise. */
  readonly why: string;
}

/** All published numbers of both papers. */
export const TARGETS: readonly Target[] = [...MUNET_TARGETS, ...MU2NET_TARGETS];

/** Published numbers of the benchmarks that `points` are runs of, beside theirs. */
export function publishedRows(points: readonly SweepPoint[]): PublishedRow[] {
  const benchmarks = benchmarksOf(points);
  const full = ofVariant(points, "full");
  return TARGETS.flatMap((target) => {
    const benchmark = benchmarks.find(({ name }) => name === target.benchmark);
    if (!benchmark) return [];
    return [publishedRow(target, benchmark, ofVariant(points, target.variant), full)];
  });
}

const ofVariant = (points: readonly SweepPoint[], name: string | null): SweepPoint[] =>
  points.filter(({ variant }) => variantName(variant) === name);

/** The benchmarks of the points' experiment: µ2Net's if one of the points is µ2Net's, otherwise muNet's. */
function benchmarksOf(points: readonly SweepPoint[]): readonly Benchmark[] {
  const isMu2net = points.some(({ variant }) => isCustom(variant, "mu2net"));
  return BENCHMARKS.filter(
    ({ name, experiment }) =>
      name.startsWith("mu2net") === isMu2net && points.some((point) => point.experiment === experiment),
  );
}

const isCustom = (variant: Variant, name: string): boolean =>
  variant.method === "custom" && variant.name === name;

function publishedRow(
  target: Target,
  benchmark: Benchmark,
  points: readonly SweepPoint[],
  full: readonly SweepPoint[],
): PublishedRow {
  const values = points.length === 0 ? [] : measure(target, points, full);
  const reasons = reasonsAgainst(target, benchmark, points);
  const difference =
    values.length === 0 ? null : differenceOf(target, values, isFixedSize(target, points[0]!));
  const { verdict, why } = judge(target, difference, reasons);
  return {
    target,
    ours: values.length === 0 ? null : mean(values),
    ourStd: values.length < 2 ? null : populationStd(values),
    runs: points.length,
    difference,
    verdict,
    why,
  };
}

function differenceOf({ value, std, runs }: Target, values: readonly number[], isExact: boolean): Interval {
  const apart = mean(values) - value;
  if (isExact) return { n: values.length, mean: apart, low: apart, high: apart };
  return welchInterval(values, { mean: value, std: std ?? 0, n: std === null ? 1 : (runs ?? 1) });
}

/** The verdict on a difference, with the reasons against comparing at all. */
export function judge(
  { std, decimals }: Pick<Target, "std" | "decimals">,
  difference: Interval | null,
  reasons: readonly string[],
): { readonly verdict: Verdict; readonly why: string } {
  if (reasons.length > 0) return { verdict: "not comparable", why: reasons.join("; ") };
  if (difference === null) return { verdict: "not comparable", why: "not measured" };
  const rounding = 0.5 * 10 ** -decimals + 1e-9;
  const apart = Math.abs(difference.mean);
  if (apart <= Math.max(std ?? 0, rounding)) return { verdict: "reproduced", why: "" };
  const { low, high } = difference;
  if (low === null || high === null)
    return { verdict: "not comparable", why: "no spread on either side to judge by" };
  return { verdict: low - rounding <= 0 && high + rounding >= 0 ? "within noise" : "differs", why: "" };
}
