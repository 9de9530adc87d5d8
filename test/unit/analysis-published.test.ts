import { describe, expect, test } from "vitest";
import { BENCHMARKS, benchmarkOf } from "../../src/analysis/paper/benchmarks.js";
import type { Target } from "../../src/analysis/paper/target.js";
import type { SweepPoint } from "../../src/analysis/point.js";
import { mean } from "../../src/analysis/stats.js";
import { judge, publishedRows, TARGETS } from "../../src/analysis/sweep/published.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const of = (filter: Partial<Target>) =>
  TARGETS.filter((target) =>
    Object.entries(filter).every(([key, value]) => target[key as keyof Target] === value),
  );

const apart = (mean: number, half: number | null) => ({
  n: 3,
  mean,
  low: half === null ? null : mean - half,
  high: half === null ? null : mean + half,
});

describe("the published numbers", () => {
  test("of a task average to the method's mean, as far as printed digits say", () => {
    for (const [means, tasks] of [
      ["muNet Table 1", "muNet Table 6"],
      ["muNet Table 2", "muNet Table 7"],
    ])
      for (const target of of({ source: means!, quantity: "test" })) {
        const own = of({ source: tasks!, variant: target.variant }).map(({ value }) => value);
        expect(Math.abs(mean(own) - target.value), `${means} ${target.method}`).toBeLessThan(0.06);
      }
  });

  test("have the headline numbers in them: +2.39 points with 47 % fewer parameters, 13 % with 21 %", () => {
    const value = (source: string, quantity: Target["quantity"], variant: string) =>
      of({ source, quantity, variant })[0]!.value;
    const gain = value("muNet Table 2", "test", "munet-s1") - value("muNet Table 2", "test", "full");
    expect(gain).toBeCloseTo(2.39, 6);
    const cut = (table: string) =>
      100 * (1 - value(table, "params", "munet-s1") / value(table, "params", "full"));
    expect(cut("muNet Table 2")).toBeCloseTo(47.6, 1);
    expect(cut("muNet Table 1")).toBeCloseTo(21.6, 1);
    const ratio = value("muNet Table 1", "test-max", "munet-s1") / value("muNet Table 1", "test-max", "full");
    expect(100 * (ratio - 1)).toBeCloseTo(13.1, 1);
    // Whoever has the tables' numbers reproduces the headlines made of them.
    for (const [source, quantity, found] of [
      ["muNet abstract", "params-cut", cut("muNet Table 2")],
      ["muNet §3.1", "params-cut", cut("muNet Table 1")],
      ["muNet §3.1", "test-ratio", 100 * (ratio - 1)],
    ] as const) {
      const target = of({ source, quantity })[0]!;
      expect(judge(target, apart(found - target.value, 0), []).verdict, source).toBe("reproduced");
    }
  });

  test("are all there: rows × columns of every table", () => {
    const count = (source: string) => of({ source }).length;
    expect(count("muNet Table 1")).toBe(6 * 4);
    expect(count("muNet Table 2")).toBe(7 * 4);
    expect(count("muNet Table 6")).toBe(6 * 8);
    expect(count("muNet Table 7")).toBe(7 * 10);
    expect(count("µ2Net Table 2")).toBe(6 * 3);
    expect(count("µ2Net Table 3")).toBe(5 * 19);
    expect(count("µ2Net Table 4")).toBe(2 * 10 + 2);
    expect(count("µ2Net Table 5")).toBe(5 + 7 + 7);
    expect(count("µ2Net Table 6")).toBe(4 * 19);
    expect(count("µ2Net Table 7")).toBe(10 + 9 + 9);
    expect(count("µ2Net §5.1")).toBe(9);
  });

  test("belong to a benchmark and one of its tasks, and are finite", () => {
    for (const target of TARGETS) {
      const { tasks } = benchmarkOf(target.benchmark);
      if (target.task !== null) expect(tasks.map(({ task }) => task)).toContain(target.task);
      expect(Number.isFinite(target.value)).toBe(true);
    }
    const segments = of({ source: "µ2Net Table 7", quantity: "core-hours" }).map(({ value }) => value);
    expect(segments.slice(0, -1).reduce((a, b) => a + b, 0)).toBe(segments.at(-1));
  });
});

describe("the verdict", () => {
  const one = { std: 0.4, decimals: 2 };
  test("is reproduced within the published ±, within noise where the interval includes 0, else differs", () => {
    expect(judge(one, apart(0.39, 0.1), []).verdict).toBe("reproduced");
    expect(judge(one, apart(-0.5, 0.6), []).verdict).toBe("within noise");
    expect(judge(one, apart(-0.5, 0.4), []).verdict).toBe("differs");
  });

  test("without a published ± is reproduced within rounding only", () => {
    expect(judge({ std: null, decimals: 1 }, apart(0.05, 0), []).verdict).toBe("reproduced");
    expect(judge({ std: null, decimals: 1 }, apart(0.3, 0.1), []).verdict).toBe("differs");
  });

  test("is not comparable where there is a reason, or no spread on either side", () => {
    expect(judge(one, apart(0, 0.1), ["other root: x"])).toEqual({
      verdict: "not comparable",
      why: "other root: x",
    });
    expect(judge({ std: null, decimals: 1 }, apart(3, null), []).why).toContain("no spread");
    expect(judge(one, null, []).verdict).toBe("not comparable");
  });
});

/** The made-up sweep, dressed as the paper's setup. */
function paperSweep(change: (point: SweepPoint) => SweepPoint = (point) => point): SweepPoint[] {
  const { tasks, checkpoint } = BENCHMARKS[0]!;
  return madeUpSweep({ repetitions: 5, tasks: tasks.map(({ task }) => task), budget: "paper" }).map((point) =>
    change({
      ...point,
      checkpoint: `${checkpoint}.npz`,
      // 640 validations, of 128 children or of 8 replicas; at most 51,200 examples before each
      cost: { ...point.cost, examples: 640 * (4 * 51_200 + 19_280 + 4_750 + 2_375 + 2_375) },
      tasks: point.tasks.map((model, i) => ({
        ...model,
        children: point.variant.method === "munet" ? 128 : 8,
        validations: 640,
        images: { ...model.images, train: tasks[i]!.train! },
      })),
    }),
  );
}

describe("published numbers beside ours", () => {
  const row = (points: SweepPoint[], filter: Partial<Target>) =>
    publishedRows(points).find(({ target }) =>
      Object.entries(filter).every(([key, value]) => target[key as keyof Target] === value),
    )!;
  const table1 = { source: "muNet Table 1", quantity: "test", variant: "full" } as const;

  test("are compared in the paper's own setup", () => {
    const full = row(paperSweep(), table1);
    expect(full).toMatchObject({ verdict: "reproduced", why: "", runs: 5 });
    expect(full.difference!.low).toBeLessThan(full.difference!.mean);
    expect(row(paperSweep(), { ...table1, variant: "munet-s1" }).verdict).toBe("reproduced");
    expect(row(paperSweep(), { ...table1, variant: "munet-s0.3" }).verdict).toBe("differs");
  });

  test.each<[string, (point: SweepPoint) => SweepPoint, RegExp]>([
    ["another root", (p) => ({ ...p, checkpoint: null }), /^other root: random/],
    ["a smaller budget", (p) => ({ ...p, budget: "laptop" }), /^smaller budget: laptop/],
    [
      "half the cycles, though the budget is called the paper's",
      (p) => ({ ...p, tasks: p.tasks.map((t) => ({ ...t, validations: 320 })) }),
      /^smaller budget: 320 of 640 validations per task$/,
    ],
    [
      "twice the replicas",
      (p) => ({ ...p, tasks: p.tasks.map((t) => ({ ...t, children: 16, validations: 1280 })) }),
      /^larger budget: 1280 of 640 validations per task$/,
    ],
    [
      "fewer examples between validations",
      (p) => ({ ...p, cost: { ...p.cost, examples: 640 * 8 * 512 } }),
      /^smaller budget: 2621440 of 149491200 training examples$/,
    ],
    ["a task less", (p) => ({ ...p, tasks: p.tasks.slice(1) }), /^other tasks: 7 of 8 are the paper's$/],
    [
      "another task",
      (p) => ({ ...p, tasks: p.tasks.map((t, i) => (i === 0 ? { ...t, task: "glyphs/thai" } : t)) }),
      /^other tasks: 7 of 8 are the paper's, 1 are not$/,
    ],
    [
      "fewer images",
      (p) => ({
        ...p,
        tasks: p.tasks.map((t) => (t.task === "mnist" ? { ...t, images: { ...t.images, train: 1900 } } : t)),
      }),
      /^other training images: mnist has 1900 of 57000$/,
    ],
  ])("are not compared with %s", (_, change, why) => {
    const { verdict, why: said } = row(paperSweep(change), table1);
    expect(verdict).toBe("not comparable");
    expect(said).toMatch(why);
  });

  test("of a run whose generations were cut are not compared; children that diverged don't make it smaller", () => {
    const munet = { ...table1, variant: "munet-s1" } as const;
    const some = (children: number, validations: number) =>
      row(
        paperSweep((p) => ({ ...p, tasks: p.tasks.map((t) => ({ ...t, children, validations })) })),
        munet,
      ).why;
    expect(some(16, 80)).toBe("smaller budget: 80 of 640 validations per task");
    expect(some(128, 512)).toBe("smaller budget: 512 of 640 validations per task");
    expect(some(128, 628)).toBe("");
  });

  test("of what was not run are listed all the same", () => {
    const points = paperSweep().filter(({ variant }) => variant.method !== "full");
    expect(row(points, table1)).toMatchObject({
      ours: null,
      runs: 0,
      verdict: "not comparable",
      why: "not run",
    });
    expect(row(points, { quantity: "test-ratio" }).ours).toBeNull();
  });

  test("of a baseline's parameters ask for its shape and tasks only, not for root and budget", () => {
    const params = { source: "muNet Table 1", quantity: "params", variant: "full" } as const;
    const points = paperSweep((p) => ({ ...p, checkpoint: null, budget: "laptop" }));
    // The made-up tasks have 10 classes each; the paper's, 1,525,271 parameters, have more.
    expect(row(points, params).verdict).toBe("differs");
    const classes = paperSweep((p) => ({
      ...p,
      budget: "laptop",
      tasks: p.tasks.map((t) => ({ ...t, accountedParams: 1_525_271 })),
    }));
    expect(row(classes, params).verdict).toBe("reproduced");
    expect(
      row(
        classes.filter(({ repetition }) => repetition === 0),
        params,
      ).verdict,
    ).toBe("reproduced");
  });

  test("of a baseline's single task ask for that task alone; core-hours never compare", () => {
    const points = paperSweep((p) => ({ ...p, tasks: p.tasks.slice(3, 4) }));
    const task = { source: "muNet Table 6", variant: "full", task: "mnist" } as const;
    expect(row(points, task).why).toBe("");
    expect(row(points, { ...task, variant: "munet-s1" }).why).toMatch(/^other tasks: 1 of 8/);
    expect(row(paperSweep(), { quantity: "core-hours" }).why).toMatch(/TPU/);
  });

  test("maxima compare over as many runs only", () => {
    const max = { source: "muNet Table 1", quantity: "test-max", variant: "full" } as const;
    const three = paperSweep().filter(({ repetition }) => repetition < 3);
    expect(row(three, max).why).toBe("best of 3 against best of 5 runs");
  });

  test("of µ2Net stand beside a run of µ2Net, and of muNet beside none of it", () => {
    const points = madeUpSweep({ repetitions: 1 })
      .slice(0, 1)
      .map((p) => ({ ...p, variant: { method: "custom", name: "mu2net" } as const }));
    const rows = publishedRows(points);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.every(({ target }) => target.benchmark.startsWith("mu2net"))).toBe(true);
    expect(rows.every(({ why }) => why.includes("had been trained on") || why === "not run")).toBe(true);
    expect(publishedRows([{ ...points[0]!, experiment: "preliminary" }])).toEqual([]);
  });
});
