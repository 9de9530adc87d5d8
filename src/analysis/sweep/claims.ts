// muNet's claims decided on the points of a sweep, by paired differences: a claim holds if the whole 95 % interval is on its
// side, does not hold if it is on the other, and is undecided otherwise, or where the sweep lacks something.

import type { SweepPoint } from "../point.js";
import { type Interval, sampleStd } from "../stats.js";
import { type ClaimUnit, type ClaimVerdict, type Decision, decide } from "./claim-tests.js";
import { groupPoints, type VariantGroup } from "./groups.js";
import { type Claim, MUNET_CLAIMS } from "./munet-claims.js";

export interface ClaimRow {
  readonly name: string;
  readonly claim: string;
  /** Where the paper makes it. */
  readonly source: string;
  readonly verdict: ClaimVerdict;
  /** The difference that decides it, in `unit`; null if there is none. */
  readonly difference: Interval | null;
  readonly unit: ClaimUnit | "";
  /** Chance that as many new repetitions would show an effect like the one that was seen; null without two pairs. */
  readonly power: number | null;
  /** The smallest effect that as many repetitions show in four of five cases, in `unit`; null without two pairs. */
  readonly detects: number | null;
  /** Further repetitions that would probably decide it: 0 if it is decided, null if more than a thousand or unknown. */
  readonly more: number | null;
  /** The numbers, or what the sweep lacks. */
  readonly detail: string;
  readonly lacks: readonly string[];
}

/** All claims, including those for which the sweep lacks something. */
export function claimRows(points: readonly SweepPoint[]): ClaimRow[] {
  const groups = groupPoints(points);
  return MUNET_CLAIMS.map((claim) => claimRow(claim, groups));
}

/** What `groups` say of a claim: a decision with its numbers, or what they lack for one. */
export type Standing =
  | { readonly lacks: readonly string[] }
  | { readonly lacks?: never; readonly decision: Decision; readonly detail: string };

export function standingOf(claim: Claim, groups: readonly VariantGroup[]): Standing {
  const { variants, lacks } = claim.needs(groups.map(({ variant }) => variant));
  if (lacks.length > 0) return { lacks };
  const used = groups.filter(({ variant }) => variants.includes(variant));
  const evidence = claim.evidence(used);
  if (evidence.lacks !== undefined) return { lacks: [evidence.lacks] };
  const decision = decide(evidence.alternatives);
  if (decision.decisive.difference.n === 0) return { lacks: ["runs of these variants with the same seed"] };
  return { decision, detail: evidence.detail(decision) };
}

function claimRow(claim: Claim, groups: readonly VariantGroup[]): ClaimRow {
  const { name, statement, source } = claim;
  const row = { name, claim: statement, source };
  const standing = standingOf(claim, groups);
  if (standing.lacks) return { ...row, ...undecided(standing.lacks) };
  const { decision, detail } = standing;
  const { difference, unit, power, values } = decision.decisive;
  const { n } = difference;
  return {
    ...row,
    verdict: decision.verdict,
    difference,
    unit,
    power: n < 2 ? null : power,
    detects: sampleStd(values) > 0 ? decision.detects : null,
    more: moreOf(decision, n),
    detail,
    lacks: n < 2 ? ["a second repetition"] : [],
  };
}

/** Repetitions beyond `n` that would probably decide. */
function moreOf({ verdict, needs }: Decision, n: number): number | null {
  if (verdict !== "undecided") return 0;
  return n < 2 || !Number.isFinite(needs) ? null : Math.max(1, needs - n);
}

const undecided = (lacks: readonly string[]): Omit<ClaimRow, "name" | "claim" | "source"> => ({
  verdict: "undecided",
  difference: null,
  unit: "",
  power: null,
  detects: null,
  more: null,
  detail: lacksWords(lacks),
  lacks,
});

const lacksWords = (lacks: readonly string[]): string => `the sweep lacks ${lacks.join(" and ")}`;
