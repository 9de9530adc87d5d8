// `mulab sweep … --plan-claims`: what would decide muNet's claims, before it is spent.

import { MOST_IN_TOTAL } from "../analysis/sweep/claim-plan.js";
import { differentPlan, usage } from "../core/errors/index.js";
import { claimPlanView } from "../figures/tables/claim-plan.js";
import { formatDuration, plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { plainTable } from "../format/table-text.js";
import { type ClaimPlan, claimPlan } from "../sweep/claim-plan.js";
import { planDifference } from "../sweep/difference.js";
import { planSweep, type SweepPlan } from "../sweep/plan.js";
import { isSweep } from "../sweep/read.js";
import type { LoadTasks } from "../sweep/shared-tasks.js";
import { readSweep, type SweepRequest } from "../sweep/sweep.js";
import { countsOf, trainCounts } from "../sweep/work.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

export interface ClaimPlanOptions {
  readonly planClaims?: boolean;
  readonly pilot?: string;
}

/** Throws options/usage for a pilot without a plan to make. */
export function refuseLonePilot({ planClaims, pilot }: ClaimPlanOptions): void {
  if (pilot !== undefined && !planClaims)
    throw usage("--pilot names the sweep that --plan-claims plans from; add --plan-claims.");
}

/** The plan of the sweep in `dir`, or of `request`, from `pilot` or what has ended. Throws as readSweep; sweep/different-plan; options/usage without a pilot. */
export async function claimPlanOf(
  dir: string,
  request: SweepRequest | undefined,
  pilot: string | undefined,
  load: LoadTasks,
): Promise<{ readonly plan: SweepPlan; readonly claims: ClaimPlan }> {
  const own = (await isSweep(dir)) ? await readSweep(dir) : undefined;
  const asked = request && planSweep(request);
  const difference = own && asked && planDifference(asked, own.plan);
  if (difference) throw differentPlan(dir, difference);
  const plan = own?.plan ?? asked!;
  const from = pilot === undefined ? undefined : await readSweep(pilot);
  if (!from && !own)
    throw usage(
      "Planning needs a pilot, whose spread is expected again: name a stored sweep with --pilot (`pilot:` in a cell), or a folder in which a sweep has begun.",
    );
  // What has ended records its images, so that planning on needs none.
  const counts =
    own && own.points.length > 0
      ? countsOf(own.points)
      : trainCounts(await load(plan.variants[0]!.experiment));
  return { plan, claims: claimPlan(plan, own, from, counts) };
}

/** All claims that can be decided together, in a line. */
export const totalLine = ({ total }: ClaimPlan): string =>
  total.claims === 0
    ? `No claim can be planned within ${MOST_IN_TOTAL} repetitions: the notes say why.`
    : total.runs === 0
      ? `${plural(total.claims, "claim")} that ${MOST_IN_TOTAL} repetitions can decide: all have enough.`
      : `${plural(total.claims, "claim")} that ${MOST_IN_TOTAL} repetitions can decide, together: ${plural(total.runs, "more run")}, about ${formatDuration(total.coreHours * 3600)} of one core.`;

/** Prints the plan. Throws as claimPlanOf. */
export async function tellClaimPlan(
  dir: string,
  request: SweepRequest | undefined,
  options: ClaimPlanOptions & JsonOption,
  load: LoadTasks,
): Promise<void> {
  const { plan, claims } = await claimPlanOf(dir, request, options.pilot, load);
  const { repetitions, rows, total } = claims;
  const stream = linesOf(options);
  stream.write(said`${plan.title}: what would decide the paper's claims\n\n`);
  stream.write(`${plainTable(claimPlanView(rows, repetitions))}\n\n${totalLine(claims)}\n`);
  printJson(options, { dir, repetitions, claims: rows, total });
}
