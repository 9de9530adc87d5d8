// The paper's claims, each tested on our points by paired differences: holds (the whole interval is on the claim's side),
// does not hold (the whole interval is on the other), or not shown (it includes 0, or there are fewer than two pairs).

import type { MunetVariant, Variant } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import type { SweepPoint } from "../point.js";
import { type Interval, interval, mean, sideOf } from "../stats.js";
import { paired } from "./differences.js";
import { groupPoints, paramsOf, testOf, type VariantGroup } from "./groups.js";

export type ClaimVerdict = "holds" | "does not hold" | "not shown" | "not run";

export interface ClaimRow {
  readonly claim: string;
  /** Where the paper makes it. */
  readonly source: string;
  readonly verdict: ClaimVerdict;
  /** The difference that decides it, in `unit`; null if it was not run. */
  readonly difference: Interval | null;
  readonly unit: "points" | "M parameters per task" | "M per step of s" | "";
  readonly detail: string;
}

const NONE: Pick<ClaimRow, "verdict" | "difference" | "detail"> = {
  verdict: "not run",
  difference: null,
  detail: "the sweep lacks a variant that it needs",
};

/** Scale factors that the paper calls low: below them adapters matter (muNet Fig. 4). */
const LOW_SCALE = 0.9;

/** All claims, including those for which the sweep lacks variants. */
export function claimRows(points: readonly SweepPoint[]): ClaimRow[] {
  const groups = groupPoints(points);
  return [
    ...againstFull(groups),
    sizeFalls(groups),
    beatsBaselines(groups),
    tuningGain(groups),
    adapterGain(groups),
  ];
}

const isMunet = ({ variant }: VariantGroup, adapters = true, tuning = true): boolean =>
  variant.method === "munet" && variant.adapters === adapters && variant.tuning === tuning;
const scaleOf = ({ variant }: VariantGroup): number => (variant as MunetVariant).scaleFactor;
const millions = (point: SweepPoint): number => paramsOf(point) / 1e6;
const percent = (point: SweepPoint): number => 100 * testOf(point);

/** muNet's curves by rising scale factor. */
const munets = (groups: readonly VariantGroup[], adapters = true, tuning = true): VariantGroup[] =>
  groups.filter((group) => isMunet(group, adapters, tuning)).sort((a, b) => scaleOf(a) - scaleOf(b));

/** The verdict on a claim that the difference is above 0. */
export const verdictAbove = (difference: Interval): ClaimVerdict =>
  difference.n === 0
    ? "not run"
    : ({ above: "holds", below: "does not hold", "not shown": "not shown" } as const)[sideOf(difference)];

const flipped = ({ n, mean: center, low, high }: Interval): Interval => ({
  n,
  mean: -center,
  low: high === null ? null : -high,
  high: low === null ? null : -low,
});

function againstFull(groups: readonly VariantGroup[]): ClaimRow[] {
  const munet = munets(groups).find((group) => scaleOf(group) === 1);
  const full = groups.find(({ variant }) => variant.method === "full");
  const source = "muNet Table 1, abstract";
  const quality = {
    claim: "muNet (s=1) is more accurate than full fine-tuning",
    source,
    unit: "points",
  } as const;
  const size = {
    claim: "muNet (s=1) accounts for fewer parameters per task than full fine-tuning",
    source,
    unit: "M parameters per task",
  } as const;
  if (!munet || !full) return [quality, size].map((row) => ({ ...row, ...NONE }));
  const more = paired(munet.points, full.points, percent);
  const params = paired(munet.points, full.points, millions);
  return [
    {
      ...quality,
      difference: more,
      verdict: verdictAbove(more),
      detail: `${meanOf(munet, percent, 1)} % against ${meanOf(full, percent, 1)} %`,
    },
    {
      ...size,
      difference: params,
      verdict: verdictAbove(flipped(params)),
      detail: `${meanOf(munet, millions, 2)} M against ${meanOf(full, millions, 2)} M`,
    },
  ];
}

const meanOf = ({ points }: VariantGroup, of: (point: SweepPoint) => number, digits: number): string =>
  mean(points.map(of)).toFixed(digits);

/** A falling s makes smaller models: tests the slope over the steps of s, by repetition, and that no step clearly rises. */
function sizeFalls(groups: readonly VariantGroup[]): ClaimRow {
  const curve = munets(groups);
  const row = {
    claim: "Accounted parameters per task fall as the scale factor falls",
    source: "muNet §3.1, Fig. 3",
    unit: "M per step of s",
  } as const;
  if (curve.length < 2) return { ...row, ...NONE };
  const slope = interval(slopes(curve));
  const steps = curve.slice(1).map((group, i) => ({
    name: `s ${scaleOf(curve[i]!)} → ${scaleOf(group)}`,
    rise: paired(group.points, curve[i]!.points, millions),
  }));
  const wrong = steps.filter(({ rise }) => rise.mean < 0);
  const verdict = steps.some(({ rise }) => sideOf(rise) === "below") ? "does not hold" : verdictAbove(slope);
  const means = curve.map((group) => `${scaleOf(group)}: ${meanOf(group, millions, 3)}`).join(", ");
  const notes = wrong
    .map(({ name, rise }) => `; falls instead at ${name} (${rise.mean.toFixed(3)} M)`)
    .join("");
  return { ...row, difference: slope, verdict, detail: `M by s: ${means}${notes}` };
}

/** Least-squares slope of parameters over the number of the scale factor in its list, for each complete repetition. */
function slopes(curve: readonly VariantGroup[]): number[] {
  const repetitions = curve[0]!.points.map(({ repetition }) => repetition);
  return repetitions.flatMap((repetition) => {
    const sizes = curve.flatMap(({ points }) =>
      points.filter((point) => point.repetition === repetition).map(millions),
    );
    if (sizes.length < curve.length) return [];
    const center = (sizes.length - 1) / 2;
    const spread = sizes.reduce((sum, _, i) => sum + (i - center) ** 2, 0);
    return [sizes.reduce((sum, size, i) => sum + (i - center) * size, 0) / spread];
  });
}

const isBaseline = ({ method }: Variant): boolean => method !== "munet" && method !== "custom";

/** For some s, muNet is above every baseline in accuracy and below it in size. The detail names the s that comes nearest. */
function beatsBaselines(groups: readonly VariantGroup[]): ClaimRow {
  const curve = munets(groups);
  const baselines = groups.filter(({ variant }) => isBaseline(variant));
  const row = {
    claim: "At some scale factor muNet beats every baseline in both quality and size",
    source: "muNet §3.1, Fig. 3",
    unit: "points",
  } as const;
  if (curve.length === 0 || baselines.length === 0) return { ...row, ...NONE };
  const candidates = curve.map((group) => nearestRival(group, baselines));
  const order: ClaimVerdict[] = ["holds", "not shown", "does not hold", "not run"];
  const top = candidates.sort(
    (a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || b.quality.mean - a.quality.mean,
  )[0]!;
  return {
    ...row,
    verdict: top.verdict,
    difference: top.quality,
    detail: `${variantLabel(top.group.variant)} against its nearest rival, ${variantLabel(top.rival.variant)}: ${signed(top.quality.mean, 1)} points, ${signed(top.size.mean, 2)} M`,
  };
}

/** The strongest rival of `group` among the baselines: worst verdict first, then the smallest lead in accuracy. */
function nearestRival(group: VariantGroup, baselines: readonly VariantGroup[]) {
  const order: ClaimVerdict[] = ["does not hold", "not run", "not shown", "holds"];
  const duels = baselines.map((rival) => {
    const quality = paired(group.points, rival.points, percent);
    const size = paired(group.points, rival.points, millions);
    const verdicts = [verdictAbove(quality), verdictAbove(flipped(size))];
    const verdict = order.find((one) => verdicts.includes(one))!;
    return { group, rival, quality, size, verdict };
  });
  return duels.sort(
    (a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || a.quality.mean - b.quality.mean,
  )[0]!;
}

const signed = (value: number, digits: number): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

function tuningGain(groups: readonly VariantGroup[]): ClaimRow {
  const row = {
    claim: "Auto-tuning of hyperparameters raises accuracy (s=1)",
    source: "muNet Table 1",
    unit: "points",
  } as const;
  return { ...row, ...gain(groups, (s) => s === 1, [true, false]) };
}

function adapterGain(groups: readonly VariantGroup[]): ClaimRow {
  const row = {
    claim: `Residual adapters raise accuracy at low scale factors (s < ${LOW_SCALE})`,
    source: "muNet Fig. 4",
    unit: "points",
  } as const;
  return { ...row, ...gain(groups, (s) => s < LOW_SCALE, [false, true]) };
}

/** muNet minus muNet without a part, by repetition, as the mean over the `wanted` scale factors that both have. */
function gain(
  groups: readonly VariantGroup[],
  wanted: (scaleFactor: number) => boolean,
  [adapters, tuning]: readonly [boolean, boolean],
): Pick<ClaimRow, "verdict" | "difference" | "detail"> {
  const pairs = munets(groups).flatMap((whole) => {
    const part = munets(groups, adapters, tuning).find((other) => scaleOf(other) === scaleOf(whole));
    return part && wanted(scaleOf(whole)) ? [{ whole, part }] : [];
  });
  if (pairs.length === 0) return NONE;
  const repetitions = pairs[0]!.whole.points.map(({ repetition }) => repetition);
  const gains = repetitions.flatMap((repetition) => {
    const at = ({ points }: VariantGroup) => points.filter((point) => point.repetition === repetition);
    const own = pairs.map(({ whole, part }) => paired(at(whole), at(part), percent));
    return own.every(({ n }) => n === 1) ? [mean(own.map((one) => one.mean))] : [];
  });
  const difference = interval(gains);
  const each = pairs.map(({ whole, part }) => {
    const { mean: points } = paired(whole.points, part.points, percent);
    const size = paired(whole.points, part.points, millions).mean;
    return `s ${scaleOf(whole)}: ${signed(points, 1)} points, ${signed(size, 2)} M`;
  });
  return { difference, verdict: verdictAbove(difference), detail: each.join("; ") };
}
