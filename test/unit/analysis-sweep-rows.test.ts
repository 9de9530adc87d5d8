import { describe, expect, test } from "vitest";
import { growthPoints } from "../../src/analysis/growth.js";
import type { SweepPoint } from "../../src/analysis/point.js";
import { learningPoints, mainVariants, qualityPoints } from "../../src/analysis/sweep/curves.js";
import { exchangeCells, flowEdges, sharedCells } from "../../src/analysis/sweep/exchange.js";
import { finalShares, inOrder, sampledShares, scheduleSteps } from "../../src/analysis/sweep/hyperparams.js";
import { systemParams } from "../../src/analysis/sweep/measure.js";
import { logLine, spreadPoints } from "../../src/analysis/sweep/spread.js";
import { pointOfRun, variantOfMethod } from "../../src/analysis/sweep-point.js";
import { foldEvents } from "../../src/core/state.js";
import { type Variant, variantName } from "../../src/core/variant.js";
import { characters } from "../../src/experiments/characters.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { baselinesFor, variantOf } from "../../src/experiments/variants.js";
import { tableView } from "../../src/figures/tables/index.js";
import { withoutOutliers } from "../../src/figures/vega/outliers.js";
import { placeLabels } from "../../src/figures/vega/places.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

const sweep = madeUpSweep();
const run = pointOfRun(fixedState(), preliminary(), fixedEvents());
const withAncestors = (ancestors: SweepPoint["tasks"][number]["ancestors"][]): SweepPoint => ({
  ...run,
  tasks: run.tasks.map((task, i) => ({ ...task, ancestors: ancestors[i]! })),
});

describe("quality against size", () => {
  const points = qualityPoints(sweep);

  test("has a point a variant, by curve and rising size, ± one population deviation", () => {
    const munet = points.filter(({ curve }) => curve === "muNet");
    expect(munet.map(({ label }) => label)).toEqual(["s 0.02", "s 0.3", "s 0.9", "s 1"]);
    expect(munet[0]!.testHigh - munet[0]!.test).toBeCloseTo(munet[0]!.test - munet[0]!.testLow, 9);
  });

  test("counts full fine-tuning and multi-head as the ends of fine-tuning the top", () => {
    const top = points.filter(({ curve }) => curve === "Fine-tune top layers").map(({ label }) => label);
    expect(top).toEqual(["multi-head", "above 2", "above 1", "all blocks", "full"]);
  });

  test("leaves out of the picture what is further below the others than they are apart", () => {
    const tests = (values: number[]) => values.map((value) => ({ test: value }));
    expect(withoutOutliers(tests([20, 80, 85, 90])).far).toEqual(tests([20]));
    expect(withoutOutliers(tests([72, 80, 85, 90])).far).toEqual([]);
    expect(withoutOutliers(tests([1, 50, 51])).far).toEqual([]);
  });

  test("places labels apart from each other, from points, and inside", () => {
    const plane = { x: [0, 10], y: [0, 10], width: 300, height: 200 } as const;
    const at = (x: number, y: number) => ({ x, y, label: "label" });
    expect(placeLabels([at(5, 5)], plane)).toEqual(["above"]);
    expect(placeLabels([at(5, 10)], plane)).toEqual(["below"]);
    expect(placeLabels([at(5, 5), at(5, 5.3)], plane)).toEqual(["below", "above"]);
    // Right of the first point the label would stand over the second, as if it were that one's.
    const lines = [
      [at(5, 10), at(5, 5)],
      [at(5, 5), at(5, 0)],
    ];
    expect(placeLabels([at(5, 5), at(6, 4.2)], plane, lines)[0]).toBe("left");
    expect(
      placeLabels(
        Array.from({ length: 6 }, () => at(5, 5)),
        plane,
      ),
    ).toContain("none");
    const upwards = [
      { x: 5, y: 0 },
      { x: 5, y: 10 },
    ];
    expect(placeLabels([at(5, 5)], plane, [upwards])).toEqual(["right"]);
  });
});

describe("learning curves", () => {
  test("end with the selection and its test", () => {
    const b = learningPoints([run], [variantName(run.variant)]).filter(({ task }) => task === "b");
    expect(b.map(({ kind, validation, accuracy }) => [kind, validation, accuracy])).toEqual([
      ["validation", 0, 0.85],
      ["selected", 0, 0.85],
      ["test", 0, 0.8],
    ]);
  });

  test("are of the main variants unless others are asked for", () => {
    expect(mainVariants(sweep)).toEqual(["munet-s1", "munet-s1-no-tuning", "full", "adapters-512"]);
    expect(mainVariants([run])).toEqual(["mu2net"]);
    expect(mainVariants([])).toEqual([]);
  });
});

describe("knowledge exchange", () => {
  test("sums ancestors over repetitions and gives each row in shares", () => {
    const cells = exchangeCells([
      withAncestors([{}, { a: 1 }, { a: 1, b: 2 }]),
      withAncestors([{}, { a: 2, b: 1 }, { b: 4 }]),
    ]);
    const row = (task: string) => cells.filter((cell) => cell.task === task);
    expect(row("a").map(({ share }) => share)).toEqual([0, 0, 0]);
    expect(row("b").map(({ count }) => count)).toEqual([3, 1, 0]);
    expect(row("c").map(({ share }) => share)).toEqual([1 / 7, 6 / 7, 0]);
  });

  test("has arrows as wide as (count + 0.5 rowsum) / (1.5 rowsum), none to itself", () => {
    const edges = flowEdges(exchangeCells([withAncestors([{}, { a: 3, b: 1 }, { a: 1, b: 2 }])]));
    expect(edges.map(({ source, task, weight }) => [source, task, weight])).toEqual([
      ["a", "b", (3 + 0.5 * 4) / (1.5 * 4)],
      ["a", "c", (1 + 0.5 * 3) / (1.5 * 3)],
      ["b", "c", (2 + 0.5 * 3) / (1.5 * 3)],
    ]);
  });

  test("of layers: what two final models have in common, all of one on the diagonal", () => {
    const cells = sharedCells([run]);
    const of = (task: string, other: string) =>
      cells.find((cell) => cell.task === task && cell.other === other)!;
    expect(of("a", "a").layers).toBe(6);
    // a and b: class token, position embedding of the root, block 1.
    expect(of("a", "b")).toMatchObject({ layers: 3, params: 10 + 20 + 200 });
    expect(of("b", "a").layers).toBe(3);
    expect(of("a", "c").layers).toBe(1);
  });
});

describe("hyperparameters", () => {
  test("are counted by configuration as shares; those with one value are left out", () => {
    const shares = sampledShares([run]);
    expect(shares.filter(({ hyperparam }) => hyperparam === "learningRate")).toEqual([
      { method: "µ2Net", hyperparam: "learningRate", value: "0.01", order: 0, count: 3, share: 0.5 },
      { method: "µ2Net", hyperparam: "learningRate", value: "0.02", order: 1, count: 3, share: 0.5 },
    ]);
    expect(shares.some(({ hyperparam }) => hyperparam === "momentum")).toBe(false);
    const models = finalShares([run]).filter(({ hyperparam }) => hyperparam === "learningRate");
    expect(models.map(({ count }) => count)).toEqual([2, 1]);
  });

  test("stand in the order of their values, words as in the search space", () => {
    expect(inOrder(["0.1", "1e-4", "0.01", "0.1"])).toEqual(["1e-4", "0.01", "0.1"]);
    expect(inOrder(["true", "false"])).toEqual(["false", "true"]);
    expect(inOrder(["restarts", "constant", "cosine"])).toEqual(["constant", "cosine", "restarts"]);
  });

  test("along a lineage are those that change anywhere, from the oldest model on", () => {
    const point = sweep.find(({ variant }) => variantName(variant) === "munet-s1")!;
    const steps = scheduleSteps(point);
    expect([...new Set(steps.map(({ hyperparam }) => hyperparam))]).toEqual(["learningRate"]);
    const own = steps.filter(({ task }) => task === "mnist");
    expect(own.map(({ step }) => step)).toEqual([0, 1, 2]);
    expect(own[0]!.value).toBe("0.005");
  });
});

describe("spread", () => {
  test("needs two repetitions and some spread", () => {
    const munet = sweep.filter(({ variant }) => variantName(variant) === "munet-s1");
    expect(spreadPoints(munet)).toHaveLength(5);
    expect(spreadPoints(munet.slice(0, 1))).toEqual([]);
    expect(spreadPoints([munet[0]!, { ...munet[0]!, repetition: 1 }])).toEqual([]);
  });

  test("has a least-squares line on logarithmic axes: y = 3 x² comes back as slope 2", () => {
    const line = logLine([1, 2, 5, 10].map((x) => [x, 3 * x * x]))!;
    expect(line.slope).toBeCloseTo(2, 9);
    expect(line.from[1]).toBeCloseTo(3, 9);
    expect(line.to[1]).toBeCloseTo(300, 6);
    expect(
      logLine([
        [1, 2],
        [2, 3],
      ]),
    ).toBeNull();
    expect(
      logLine([
        [1, 2],
        [1, 3],
        [1, 4],
      ]),
    ).toBeNull();
  });
});

describe("the network as it grows", () => {
  test("after each activation: its parameters, what a task activates of them, what it adds", () => {
    const points = growthPoints(fixedEvents());
    expect(points.map(({ task, tasks }) => [task, tasks])).toEqual([
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ]);
    const [first, second, third] = points;
    expect(first).toMatchObject({ systemParams: 364, activated: 1, addedParams: 364 });
    // b adds patch embedding 100, norm 4, head 30; each model has 364.
    expect(second).toMatchObject({ systemParams: 498, addedParams: 249 });
    expect(second!.activated).toBeCloseTo(364 / 498, 12);
    expect(third!.systemParams).toBe(systemParams(run));
  });

  test("has nothing before the first activation ends", () => {
    expect(growthPoints(fixedEvents().slice(0, 5))).toEqual([]);
  });
});

describe("a run as a point", () => {
  test("is there before it has ended, with the tasks that have models", () => {
    const half = fixedEvents().slice(
      0,
      fixedEvents().findIndex(({ type }) => type === "model-tested"),
    );
    const point = pointOfRun(foldEvents(half), preliminary(), half);
    expect(point.tasks.map(({ task }) => task)).toEqual(["a"]);
    expect(point.tasks[0]!.testAccuracy).toBeNaN();
  });

  test("doesn't say what it cost in core-hours: no journal says how many threads there were", () => {
    expect(run.cost.coreSeconds).toBeNaN();
    const { head, cells } = tableView("methods", { points: [run] });
    expect(cells[0]![head.indexOf("core-hours")]).toBe("–");
  });

  test("finds its variant in the switches of its method", () => {
    const experiment = characters();
    const variants: Variant[] = [
      { method: "munet", scaleFactor: 0.3, adapters: false, tuning: true },
      ...baselinesFor(3),
    ];
    for (const variant of variants)
      expect(variantOfMethod(variantOf(experiment, variant).method)).toEqual(variant);
    expect(variantOfMethod(preliminary().method)).toEqual({ method: "custom", name: "mu2net" });
  });
});
