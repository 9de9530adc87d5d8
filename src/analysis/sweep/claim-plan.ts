// What it would take to decide each claim, from the spread of a pilot: repetitions, runs and core-hours, before they are
// spent.

import { type Variant, variantName } from "../../core/variant.js";
import type { SweepPoint } from "../point.js";
import type { Interval } from "../stats.js";
import { type ClaimUnit, type ClaimVerdict, type Decision, powerOf } from "./claim-tests.js";
import { standingOf } from "./claims.js";
import { groupPoints } from "./groups.js";
import { type Claim, MUNET_CLAIMS } from "./munet-claims.js";

export interface ClaimPlanRow {
  readonly name: string;
  readonly claim: string;
  readonly source: string;
  /** Of the pilot; null if it says nothing of the claim. */
  readonly verdict: ClaimVerdict | null;
  readonly difference: Interval | null;
  readonly unit: ClaimUnit | "";
  /** Repetitions, in all, after which four of five sweeps decide; null if more than a thousand, or unknown. */
  readonly repetitions: number | null;
  /** Chance that the planned repetitions decide. */
  readonly chance: number | null;
  /** Runs still to be made for these repetitions, and their core-hours. */
  readonly runs: number | null;
  readonly coreHours: number | null;
  /** Why the number is missing, or what the verdict of the pilot rests on. */
  readonly note: string;
}

/** What the planner knows of a sweep that has not been run, or not wholly. */
export interface PlannedSweep {
  readonly variants: readonly Variant[];
  readonly repetitions: number;
  /** Core-seconds of one run. */
  readonly coreSeconds: (variant: Variant) => number;
  /** Runs of a variant that have ended. */
  readonly done: (variant: Variant) => number;
}

/** One row per claim. `pilot` are the points whose spread is expected again; `isOwn` says that they are the sweep's own. */
export function planClaims(
  sweep: PlannedSweep,
  pilot: readonly SweepPoint[],
  isOwn: boolean,
): ClaimPlanRow[] {
  const groups = groupPoints(pilot);
  return MUNET_CLAIMS.map((claim) => {
    const row = { ...NOTHING, name: claim.name, claim: claim.statement, source: claim.source };
    const { lacks, variants } = claim.needs(sweep.variants);
    if (lacks.length > 0) return { ...row, note: `the plan lacks ${lacks.join(" and ")}` };
    const standing = standingOf(claim, groups);
    if (standing.lacks) return { ...row, note: pilotLacks(standing.lacks, isOwn) };
    return { ...row, ...effort(standing.decision, standing.detail, variants, sweep, isOwn) };
  });
}

const NOTHING = {
  verdict: null,
  difference: null,
  unit: "",
  repetitions: null,
  chance: null,
  runs: null,
  coreHours: null,
} as const;

const pilotLacks = (lacks: readonly string[], isOwn: boolean): string =>
  `${isOwn ? "what has ended" : "the pilot"} lacks ${lacks.join(" and ")}`;

function effort(
  { verdict, decisive, needs }: Decision,
  detail: string,
  variants: readonly Variant[],
  sweep: PlannedSweep,
  isOwn: boolean,
): Pick<
  ClaimPlanRow,
  "verdict" | "difference" | "unit" | "repetitions" | "chance" | "runs" | "coreHours" | "note"
> {
  const { difference, unit } = decisive;
  const isDecided = isOwn && verdict !== "undecided";
  const known = { verdict, difference, unit };
  if (difference.n < 2)
    return { ...known, ...costs(null), chance: null, note: pilotLacks(["a second repetition"], isOwn) };
  const repetitions = isDecided ? difference.n : Number.isFinite(needs) ? needs : null;
  const chance = isDecided ? 1 : powerOf(decisive, sweep.repetitions);
  return { ...known, ...costs(repetitions), chance, note: detail };

  function costs(all: number | null): Pick<ClaimPlanRow, "repetitions" | "runs" | "coreHours"> {
    if (all === null) return { repetitions: null, runs: null, coreHours: null };
    const { runs, seconds } = workLeft(sweep, variants, isDecided ? 0 : all);
    return { repetitions: all, runs, coreHours: seconds / 3600 };
  }
}

/** The runs of `variants` that are missing for `repetitions` of each, and their core-seconds. */
function workLeft(
  { coreSeconds, done }: PlannedSweep,
  variants: readonly Variant[],
  repetitions: number,
): { readonly runs: number; readonly seconds: number } {
  const left = variants.map((variant) => ({
    runs: Math.max(0, repetitions - done(variant)),
    each: coreSeconds(variant),
  }));
  return {
    runs: left.reduce((sum, { runs }) => sum + runs, 0),
    seconds: left.reduce((sum, { runs, each }) => sum + runs * each, 0),
  };
}

/** A total of claims that need more repetitions than this would say nothing of the others. */
export const MOST_IN_TOTAL = 50;

/** Everything that the claims within MOST_IN_TOTAL repetitions need together: each variant as often as the claim that needs it most often. */
export function planTotal(
  sweep: PlannedSweep,
  rows: readonly ClaimPlanRow[],
): { readonly claims: number; readonly runs: number; readonly coreHours: number } {
  const most = new Map<string, { readonly variant: Variant; readonly repetitions: number }>();
  const counted = rows.filter(({ repetitions }) => repetitions !== null && repetitions <= MOST_IN_TOTAL);
  for (const { name, repetitions, runs } of counted)
    for (const variant of runs === 0 ? [] : variantsOf(name, sweep.variants)) {
      const known = most.get(variantName(variant))?.repetitions ?? 0;
      most.set(variantName(variant), { variant, repetitions: Math.max(known, repetitions!) });
    }
  const parts = [...most.values()].map(({ variant, repetitions }) => workLeft(sweep, [variant], repetitions));
  return {
    claims: counted.length,
    runs: parts.reduce((sum, { runs }) => sum + runs, 0),
    coreHours: parts.reduce((sum, { seconds }) => sum + seconds, 0) / 3600,
  };
}

const claimNamed = (name: string): Claim => MUNET_CLAIMS.find((claim) => claim.name === name)!;
const variantsOf = (name: string, variants: readonly Variant[]): readonly Variant[] =>
  claimNamed(name).needs(variants).variants;
