import { describe, expect, it } from "vitest";
import type { SweepPoint } from "../../src/analysis/point.js";
import { MOST_IN_TOTAL, planClaims, planTotal } from "../../src/analysis/sweep/claim-plan.js";
import { totalLine } from "../../src/commands/claim-plan.js";
import { type Variant, variantName } from "../../src/core/variant.js";
import { characters } from "../../src/experiments/characters.js";
import { claimPlanView } from "../../src/figures/tables/claim-plan.js";
import { plainTable } from "../../src/format/table-text.js";
import { parseEvolveCell } from "../../src/notebook/cells/parse.js";
import { claimPlan } from "../../src/sweep/claim-plan.js";
import { priorSeconds } from "../../src/sweep/forecast.js";
import { planSweep } from "../../src/sweep/plan.js";
import { workOf } from "../../src/sweep/work.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const MUNET: Variant = { method: "munet", scaleFactor: 1, adapters: true, tuning: true };
const FULL: Variant = { method: "full" };

/** muNet and full fine-tuning whose accuracies differ by `differences` points, by repetition. */
function pilotOf(differences: readonly number[]): SweepPoint[] {
  const all = madeUpSweep({ repetitions: differences.length, scaleFactors: [1], noise: 0 });
  return all
    .filter(({ variant }) => ["munet-s1", "full"].includes(variantName(variant)))
    .map((point) => ({
      ...point,
      tasks: point.tasks.map((model) => ({
        ...model,
        testAccuracy: 0.5 + (point.variant.method === "full" ? 0 : differences[point.repetition]! / 100),
      })),
    }));
}

const sweepOf = (repetitions: number, done = 0) => ({
  variants: [MUNET, FULL],
  repetitions,
  coreSeconds: ({ method }: Variant) => (method === "full" ? 360 : 3600),
  done: () => done,
});

describe("the plan of a claim", () => {
  it("has the repetitions for a power of 80 % and their core-hours, by hand", () => {
    // Effect 1 point, deviation 2: d = 0.5 needs 34 pairs (R's power.t.test, paired): 34 × (1 h + 0.1 h).
    const [accuracy] = planClaims(sweepOf(5), pilotOf([-1, 1, 3]), false);
    expect(accuracy).toMatchObject({ name: "accuracy", verdict: "undecided", repetitions: 34, runs: 68 });
    expect(accuracy!.coreHours).toBeCloseTo(37.4, 9);
    // R: power.t.test(n = 5, delta = 0.5, type = "paired") is 0.14 with strict = FALSE.
    expect(accuracy!.chance).toBeGreaterThan(0.1);
    expect(accuracy!.chance).toBeLessThan(0.2);
  });

  it("counts runs that have ended, and none for a claim that they decide", () => {
    const own = planClaims(sweepOf(3, 3), pilotOf([-1, 1, 3]), true);
    expect(own[0]).toMatchObject({ repetitions: 34, runs: 62 });
    const decided = planClaims(sweepOf(3, 3), pilotOf([5, 5.1, 4.9]), true);
    expect(decided[0]).toMatchObject({ verdict: "holds", runs: 0, coreHours: 0, chance: 1 });
    // Another sweep's verdict is not this one's: its runs are still to be made.
    expect(planClaims(sweepOf(3), pilotOf([5, 5.1, 4.9]), false)[0]).toMatchObject({
      verdict: "holds",
      runs: 4,
    });
  });

  it("says what the plan lacks, or the pilot", () => {
    const lonely = planClaims({ ...sweepOf(3), variants: [FULL] }, pilotOf([1, 2, 3]), false);
    expect(lonely[0]).toMatchObject({
      note: "the plan lacks muNet at s = 1 (--scale-factors 1)",
      runs: null,
    });
    const empty = planClaims(sweepOf(3), [], true);
    expect(empty[0]!.note).toMatch(/^what has ended lacks muNet at s = 1/);
    const single = planClaims(sweepOf(3), pilotOf([1]), false);
    expect(single[0]).toMatchObject({ note: "the pilot lacks a second repetition", repetitions: null });
  });

  it("adds claims up with their shared runs counted once, without hopeless ones", () => {
    const rows = planClaims(sweepOf(3), pilotOf([-1, 1, 3]), false);
    const total = planTotal(sweepOf(3), rows);
    // Accuracy needs 34 of both, and so does beating full in both; size, which never varies, 2 of the same.
    expect(total).toMatchObject({ claims: 3, runs: 68 });
    expect(total.coreHours).toBeCloseTo(37.4, 9);
    const hopeless = planClaims(sweepOf(3), pilotOf([-1.8, 0.2, 2.2]), false);
    expect(hopeless[0]!.repetitions).toBeGreaterThan(MOST_IN_TOTAL);
    expect(planTotal(sweepOf(3), hopeless)).toMatchObject({ claims: 1, runs: 4 });
  });
});

describe("the plan of a sweep's claims", () => {
  const experiment = characters({ budget: "laptop" });
  const counts = Object.fromEntries(experiment.tasks.map(({ name }) => [name, 1_900]));
  const plan = planSweep({ experiment, scaleFactors: [1], baselines: ["full"] });
  const prior = (variant: Variant) => {
    const { experiment: of } = plan.variants.find(
      (one) => variantName(one.variant) === variantName(variant),
    )!;
    return priorSeconds(workOf(of, variant, counts), of, 1);
  };
  const pilotPlan = planSweep({
    experiment: {
      ...experiment,
      tasks: pilotOf([1])[0]!.tasks.map(({ task: name }) => ({ name, access: "public" })),
    },
    scaleFactors: [1],
    baselines: ["full"],
  });

  it("costs what a pilot's times say, whatever its tasks and budget", () => {
    const points = pilotOf([-1, 1, 3]);
    const pilotCounts = Object.fromEntries(points[0]!.tasks.map(({ task }) => [task, 1_900]));
    const twice = points.map((point) => {
      const { experiment: of } = pilotPlan.variants.find(
        (one) => variantName(one.variant) === variantName(point.variant),
      )!;
      const seconds = priorSeconds(workOf(of, point.variant, pilotCounts), of, 1);
      return { ...point, cost: { ...point.cost, coreSeconds: 2 * seconds } };
    });
    const { rows, repetitions } = claimPlan(plan, undefined, { plan: pilotPlan, points: twice }, counts);
    expect(repetitions).toBe(3);
    expect(rows[0]!.coreHours).toBeCloseTo((34 * 2 * (prior(MUNET) + prior(FULL))) / 3600, 6);
  });

  it("is readable as a table and in one line", () => {
    const claims = claimPlan(plan, undefined, { plan: pilotPlan, points: pilotOf([-1, 1, 3]) }, counts);
    const text = plainTable(claimPlanView(claims.rows, claims.repetitions));
    expect(text).toContain("chance with 3");
    expect(text).toMatch(/more accurate than full fine-tuning +undecided +\+1\.00/);
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(totalLine(claims)).toMatch(
      /^3 claims that 50 repetitions can decide, together: 68 more runs, about /,
    );
    expect(totalLine(claimPlan(plan, undefined, undefined, counts))).toContain("No claim can be planned");
  });
});

describe("in a cell", () => {
  it("planClaims plans, from the pilot that it names", () => {
    const lines = "experiment: characters\nscaleFactors: [1]\nbaselines: full\n";
    expect(parseEvolveCell(`${lines}planClaims: true\npilot: sweeps/first\n`, 1, true)).toMatchObject({
      planClaims: true,
      pilot: "sweeps/first",
    });
    expect(parseEvolveCell(lines, 1, true).planClaims).toBe(false);
    expect(() => parseEvolveCell(`${lines}pilot: sweeps/first\n`, 1, true)).toThrow("--plan-claims");
    expect(() => parseEvolveCell("experiment: characters\nplanClaims: true\n", 1)).toThrow("planClaims");
  });
});
