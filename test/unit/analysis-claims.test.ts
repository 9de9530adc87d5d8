import { describe, expect, test } from "vitest";
import type { SweepPoint } from "../../src/analysis/point.js";
import { claimRows } from "../../src/analysis/sweep/claims.js";
import { differenceRows, taskDifferenceRows } from "../../src/analysis/sweep/differences.js";
import { groupPoints, paramsOf, testOf } from "../../src/analysis/sweep/groups.js";
import { methodRows, taskRows } from "../../src/analysis/sweep/methods.js";
import { variantName } from "../../src/core/variant.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const sweep = madeUpSweep();
const named = (points: readonly SweepPoint[], name: string) =>
  points.filter(({ variant }) => variantName(variant) === name);
/** The sweep with every model of `name` changed. */
const changed = (
  name: string,
  change: (test: number, params: number, repetition: number) => [number, number],
) =>
  sweep.map((point) =>
    variantName(point.variant) !== name
      ? point
      : {
          ...point,
          tasks: point.tasks.map((model) => {
            const [testAccuracy, accountedParams] = change(
              model.testAccuracy,
              model.accountedParams,
              point.repetition,
            );
            return { ...model, testAccuracy, accountedParams };
          }),
        },
  );

describe("methods and tasks", () => {
  test("a method's row is over its repetitions: best, mean, population deviation", () => {
    const own = named(sweep, "munet-s1").map(testOf);
    const row = methodRows(sweep).find(({ variant }) => variantName(variant) === "munet-s1")!;
    const center = own.reduce((a, b) => a + b) / 3;
    expect(row.runs).toBe(3);
    expect(row.testMax).toBe(Math.max(...own));
    expect(row.test).toBeCloseTo(center, 12);
    expect(row.testStd).toBeCloseTo(Math.sqrt(own.reduce((s, v) => s + (v - center) ** 2, 0) / 3), 12);
  });

  test("the mean over a method's tasks is the method's", () => {
    const tasks = taskRows(sweep).filter(({ variant }) => variantName(variant) === "full");
    expect(tasks).toHaveLength(5);
    const full = methodRows(sweep).find(({ variant }) => variant.method === "full")!;
    expect(tasks.reduce((sum, { test }) => sum + test, 0) / 5).toBeCloseTo(full.test, 12);
  });
});

describe("differences", () => {
  test("pair repetitions: what a repetition does to both cancels out", () => {
    // Repetition r lifts both by 10 r points; unpaired, that would drown the half point between them.
    const lifted = sweep.map((point) => ({
      ...point,
      tasks: point.tasks.map((model) => ({
        ...model,
        testAccuracy: 0.1 * point.repetition + (variantName(point.variant) === "full" ? 0.5 : 0.505),
      })),
    }));
    const row = differenceRows(lifted, "munet-s1").find(({ variant }) => variant.method === "full")!;
    expect(row.test.mean).toBeCloseTo(-0.5, 9);
    expect(row.test.high).toBeCloseTo(-0.5, 9);
  });

  test("take only repetitions that both have, and say how many", () => {
    const fewer = sweep.filter(({ variant, repetition }) => variant.method !== "full" || repetition < 2);
    const row = (points: SweepPoint[]) =>
      differenceRows(points).find(({ variant }) => variant.method === "full")!;
    expect(row(fewer).test.n).toBe(2);
    const none = row(
      sweep.filter(({ variant, repetition }) => (variant.method === "full") === (repetition === 0)),
    );
    expect(none.test).toMatchObject({ n: 0, low: null, high: null });
  });

  test("are against muNet unless another is asked for, task by task too", () => {
    expect(differenceRows(sweep).every(({ against }) => variantName(against) === "munet-s1")).toBe(true);
    expect(differenceRows(sweep, "full").some(({ variant }) => variantName(variant) === "munet-s1")).toBe(
      true,
    );
    expect(taskDifferenceRows(sweep)).toHaveLength(5 * (groupPoints(sweep).length - 1));
    expect(differenceRows(sweep, "no-such-variant")).toEqual([]);
    expect(differenceRows([])).toEqual([]);
  });
});

describe("claims", () => {
  const verdicts = (points: readonly SweepPoint[]) => claimRows(points).map(({ verdict }) => verdict);

  test("hold on a sweep that was made so", () => {
    expect(verdicts(sweep)).toEqual(["holds", "holds", "holds", "holds", "holds", "holds"]);
  });

  test("are not shown by one repetition, and not run without their variants", () => {
    expect(verdicts(sweep.filter(({ repetition }) => repetition === 0))).toEqual(Array(6).fill("not shown"));
    expect(verdicts(named(sweep, "munet-s1"))).toEqual(Array(6).fill("not run"));
    expect(verdicts([])).toEqual(Array(6).fill("not run"));
  });

  test("do not hold where the whole interval is on the other side", () => {
    const worse = claimRows(changed("munet-s1", (test, params) => [test - 0.2, params * 10]));
    expect(worse.map(({ verdict }) => verdict)).toEqual([
      "does not hold",
      "does not hold",
      "holds",
      "holds",
      "does not hold",
      "holds",
    ]);
    expect(worse[0]!.difference!.high).toBeLessThan(0);
  });

  test("are not shown where repetitions disagree", () => {
    const noisy = claimRows(changed("full", (test, params, r) => [test + [0.3, -0.3, 0.1][r]!, params]));
    expect(noisy[0]!.verdict).toBe("not shown");
    expect(noisy[0]!.difference!.low).toBeLessThan(0);
    expect(noisy[0]!.difference!.high).toBeGreaterThan(0);
  });

  test("a size that rises as s falls breaks the trend, and the step is named", () => {
    const rising = claimRows(changed("munet-s0.02", (test, params) => [test, params * 20]));
    expect(rising[2]!.verdict).toBe("does not hold");
    expect(rising[2]!.detail).toContain("s 0.02 → 0.3");
  });

  test("one smaller and better baseline is enough against the last scale factor", () => {
    const rival = claimRows(changed("adapters-8", () => [0.99, 100]));
    expect(rival[3]!.verdict).toBe("does not hold");
    expect(rival[3]!.detail).toContain("Residual adapters 8");
  });

  test("gains of a part are of the same scale factor and repetition", () => {
    const adapters = claimRows(sweep)[5]!;
    // 5 points × (1 − s), mean of s = 0.02 and 0.3; 0.9 is not low.
    expect(adapters.difference!.mean).toBeCloseTo((5 * (0.98 + 0.7)) / 2, 0);
    expect(adapters.difference!.n).toBe(3);
    const params = named(sweep, "munet-s1").map(paramsOf)[0]!;
    expect(params).toBeGreaterThan(1e6);
  });
});
