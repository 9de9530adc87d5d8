import { describe, expect, test } from "vitest";
import type { SweepPoint } from "../../src/analysis/point.js";
import { type ClaimTest, decide } from "../../src/analysis/sweep/claim-tests.js";
import { claimRows } from "../../src/analysis/sweep/claims.js";
import { differenceRows, taskDifferenceRows } from "../../src/analysis/sweep/differences.js";
import { groupPoints, paramsOf, testOf } from "../../src/analysis/sweep/groups.js";
import { methodRows, taskRows } from "../../src/analysis/sweep/methods.js";
import { MUNET_CLAIMS } from "../../src/analysis/sweep/munet-claims.js";
import { netExports } from "../../src/analysis/sweep/trends.js";
import { variantName } from "../../src/core/variant.js";
import { tableOf } from "../../src/figures/tables/index.js";
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
  /** The first task has more images than the others. */
  const uneven = sweep.map((point) => ({
    ...point,
    tasks: point.tasks.map((model, i) => ({
      ...model,
      images: { ...model.images, train: i === 0 ? 4000 : 1900 },
    })),
  }));

  test("are nine, and hold on a sweep that was made so", () => {
    expect(verdicts(uneven)).toEqual(Array(9).fill("holds"));
  });

  test("are undecided by one repetition, and name what the sweep lacks", () => {
    const single = claimRows(uneven.filter(({ repetition }) => repetition === 0));
    expect(single.map(({ verdict }) => verdict)).toEqual(Array(9).fill("undecided"));
    expect(single[0]).toMatchObject({ lacks: ["a second repetition"], power: null, more: null });
    const alone = claimRows(named(uneven, "munet-s1"));
    expect(alone.slice(0, 8).every(({ verdict }) => verdict === "undecided")).toBe(true);
    expect(alone.map(({ detail }) => detail)).toEqual([
      "the sweep lacks full fine-tuning (--baselines full)",
      "the sweep lacks full fine-tuning (--baselines full)",
      "the sweep lacks muNet at two scale factors (--scale-factors 0.3,1)",
      "the sweep lacks the baselines (--baselines all)",
      "the sweep lacks muNet with and without auto-tuning at s = 1 (--ablate tuning --ablate-at 1)",
      "the sweep lacks muNet with and without adapters at the same s below 0.9 (--ablate adapters --ablate-at 0.3)",
      "the sweep lacks muNet with and without adapters at the same s above 0.9 (--ablate adapters --ablate-at 1)",
      "the sweep lacks muNet at two scale factors (--scale-factors 0.3,1)",
      expect.stringContaining("models of others"),
    ]);
    expect(verdicts([])).toEqual(Array(9).fill("undecided"));
    expect(claimRows([])[0]!.lacks).toHaveLength(2);
    const apart = sweep.filter(
      ({ variant, repetition }) => (variant.method === "full") === (repetition === 0),
    );
    expect(claimRows(apart)[0]!.lacks).toEqual(["runs of these variants with the same seed"]);
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
      "does not hold",
      "holds",
      "undecided",
    ]);
    expect(worse[0]!.difference!.high).toBeLessThan(0);
    expect(worse[8]!.detail).toContain("tasks with different numbers of training images");
  });

  test("are undecided where repetitions disagree, and say how many more would decide", () => {
    const noisy = claimRows(changed("full", (test, params, r) => [test + [0.3, -0.3, 0.1][r]!, params]));
    const [claim] = noisy;
    expect(claim!.verdict).toBe("undecided");
    expect(claim!.difference!.low).toBeLessThan(0);
    expect(claim!.difference!.high).toBeGreaterThan(0);
    expect(claim!.power).toBeLessThan(0.8);
    expect(claim!.more).toBeGreaterThan(10);
    expect(noisy[1]!.more).toBe(0); // decided
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

  test("net exports by hand: the one large task gives three ancestors and takes one", () => {
    const [point] = named(uneven, "munet-s1");
    const [large, ...small] = point!.tasks.slice(0, 3);
    const by = (ancestors: Record<string, number>, model: typeof large) => ({ ...model!, ancestors });
    const [one, two] = small.map(({ task }) => task);
    const tasks = [
      by({ [large!.task]: 7, [one!]: 1 }, large),
      by({ [large!.task]: 2, [one!]: 4 }, small[0]),
      by({ [large!.task]: 1, [two!]: 4, [one!]: 2 }, small[1]),
    ];
    // Large: 3 out, 1 in: 2. One: 1 + 2 out, 2 in: 1. Two: 0 out, 3 in: −3. So 2 − (1 − 3) / 2 = 3.
    expect(netExports({ ...point!, tasks })).toBe(3);
  });

  test("each says where the paper makes it and what is measured", () => {
    for (const { source, statistic, tables } of MUNET_CLAIMS) {
      expect(source).toMatch(/^muNet .*(Fig\.|Table|§)/);
      expect(statistic.length).toBeGreaterThan(20);
      expect(tables.length).toBeGreaterThan(0);
      for (const name of tables) expect(tableOf(name).name).toBe(name);
    }
  });
});

describe("a decision", () => {
  const test1 = (values: number[], more: Partial<ClaimTest> = {}): ClaimTest => ({
    name: "test",
    unit: "points",
    values,
    expects: "above",
    ...more,
  });
  const verdict = (...lists: ClaimTest[][]) => decide(lists).verdict;
  const [good, open, bad] = [test1([5, 5.1, 4.9]), test1([5, -4, 1]), test1([-5, -5.1, -4.9])];

  test("needs all tests of a list, and one list", () => {
    expect(verdict([good, good])).toBe("holds");
    expect(verdict([good, open])).toBe("undecided");
    expect(verdict([open, bad])).toBe("does not hold");
    expect(verdict([bad], [open])).toBe("undecided");
    expect(verdict([bad], [open], [good])).toBe("holds");
    expect(decide([[bad], [open]]).decisive.values).toBe(open.values);
  });

  test("of equivalence holds within the margin and fails beyond it", () => {
    const within = { expects: "within", margin: 1 } as const;
    expect(verdict([test1([0.1, -0.1, 0.05], within)])).toBe("holds");
    expect(verdict([test1([3, 3.1, 2.9], within)])).toBe("does not hold");
    expect(verdict([test1([-3, -3.1, -2.9], within)])).toBe("does not hold");
    expect(verdict([test1([3, -3, 0], within)])).toBe("undecided");
  });

  test("takes as many repetitions as its slowest test, or its fastest list", () => {
    // d = 0.5 needs 34 pairs, d = 0.8 needs 15 (R's power.t.test).
    const withEffect = (d: number) => test1([d - 1, d, d + 1]);
    const [slow, fast] = [withEffect(0.5), withEffect(0.8)];
    expect(decide([[slow]]).needs).toBe(34);
    expect(decide([[slow, fast]]).needs).toBe(34);
    expect(decide([[slow], [fast]]).needs).toBe(15);
    // One test that will fail is enough: d = −0.8 decides the list, though the other would need 34.
    expect(decide([[slow, withEffect(-0.8)]]).needs).toBe(15);
  });

  test("is broken by a guard only where the guard clearly fails", () => {
    const guard = (values: number[]) => test1(values, { expects: "not below" });
    expect(verdict([good, guard([-1, 3, -4])])).toBe("holds");
    expect(verdict([good, guard([-5, -5.1, -4.9])])).toBe("does not hold");
  });
});
