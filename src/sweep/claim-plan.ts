// Plans the decision of muNet's claims for a sweep: what a pilot says of the spread, and what runs cost here. Costs are
// forecast from the operations of a run, corrected by the pilot's own times, whatever the pilot's budget was.

import { type ClaimPlanRow, type PlannedSweep, planClaims, planTotal } from "../analysis/sweep/claim-plan.js";
import { type Variant, variantName } from "../core/variant.js";
import { corrections, priorSeconds } from "./forecast.js";
import { type PlannedPoint, pointName, pointsOf, type SweepPlan } from "./plan.js";
import type { Sweep } from "./stored.js";
import { countsOf, type TrainCounts, workOf } from "./work.js";

export interface ClaimPlan {
  readonly repetitions: number;
  readonly rows: readonly ClaimPlanRow[];
  /** Of all claims that can be decided, together. */
  readonly total: ReturnType<typeof planTotal>;
}

/** What it takes to decide each claim by the sweep of `plan`, of which `own` has ended. Without a `pilot`, that is one. `counts` are the tasks' training images. */
export function claimPlan(
  plan: SweepPlan,
  own: Pick<Sweep, "plan" | "points"> | undefined,
  pilot: Pick<Sweep, "plan" | "points"> | undefined,
  counts: TrainCounts,
): ClaimPlan {
  const ended = own?.points ?? [];
  const measured = pilot ?? own;
  const sweep: PlannedSweep = {
    variants: plan.variants.map(({ variant }) => variant),
    repetitions: plan.repetitions,
    coreSeconds: costOf(plan, counts, own, pilot),
    done: (variant) => ended.filter((point) => variantName(point.variant) === variantName(variant)).length,
  };
  const rows = planClaims(sweep, measured?.points ?? [], pilot === undefined);
  return { repetitions: plan.repetitions, rows, total: planTotal(sweep, rows) };
}

/** Core-seconds of one run of a variant: by its own runs, or else by the pilot's, or else by any that ended. */
function costOf(
  plan: SweepPlan,
  counts: TrainCounts,
  own: Pick<Sweep, "plan" | "points"> | undefined,
  pilot: Pick<Sweep, "plan" | "points"> | undefined,
): (variant: Variant) => number {
  const [here, there] = [own, pilot].map((sweep) => sweep && ratioOf(sweep));
  const has = (variant: Variant): boolean =>
    own?.points.some((point) => variantName(point.variant) === variantName(variant)) ?? false;
  const ratio = (variant: Variant): number =>
    ((has(variant) ? here : undefined) ?? there ?? here)?.(variant) ?? 1;
  const priors = new Map(
    priorsOf(pointsOf({ ...plan, repetitions: 1 }), counts).map(({ variant, seconds }) => [
      variantName(variant),
      seconds * ratio(variant),
    ]),
  );
  return (variant) => priors.get(variantName(variant)) ?? Number.NaN;
}

/** The ratio of the core time that a sweep's points took to what would have been forecast for them. */
function ratioOf({ plan, points }: Pick<Sweep, "plan" | "points">): (variant: Variant) => number {
  const took = points
    .filter(({ cost }) => cost.coreSeconds > 0)
    .map(({ variant, repetition, cost }) => [pointName(variant, repetition), cost.coreSeconds] as const);
  return corrections(priorsOf(pointsOf(plan), countsOf(points)), new Map(took));
}

/** Seconds of each point on one thread, before anything was measured. */
const priorsOf = (points: readonly PlannedPoint[], counts: TrainCounts) =>
  points.map(({ name, variant, experiment }) => ({
    name,
    variant,
    seconds: priorSeconds(workOf(experiment, variant, counts), experiment, 1),
  }));
