import { describe, expect, it } from "vitest";
import { variantName } from "../../src/core/variant.js";
import { characters } from "../../src/experiments/characters.js";
import { planDifference } from "../../src/sweep/difference.js";
import { parseSweepFile } from "../../src/sweep/parse.js";
import { chosenPoints, planSweep, pointsOf, type SweepRequest, seedOf } from "../../src/sweep/plan.js";
import { tinyMunet } from "../support/tiny-sweep.js";

const experiment = characters({ budget: "laptop", seed: 5 });
const plan = (request: Partial<SweepRequest>) => planSweep({ experiment, ...request });
const names = (request: Partial<SweepRequest>) =>
  plan(request).variants.map(({ variant }) => variantName(variant));

describe("a sweep that a folder holds", () => {
  it("is the same one where a later mulab only says something else of its experiment", () => {
    const said = { title: "Said better", expected: { minutes: 99, result: "another forecast" } };
    const later = planSweep({ experiment: { ...experiment, ...said } });
    expect(planDifference(later, plan({}))).toBeUndefined();
    const other = planSweep({ experiment: { ...experiment, ...said, children: 3 } });
    expect(planDifference(other, plan({}))).toBe("of munet-s1 its children is 8, not 3");
  });
});

describe("the plan of a sweep", () => {
  it("is muNet at every scale factor, every ablation at every scale factor, then the baselines", () => {
    expect(names({ scaleFactors: [0.3, 1], ablate: ["adapters", "tuning", "both"] })).toEqual([
      "munet-s0.3",
      "munet-s1",
      "munet-s0.3-no-adapters",
      "munet-s1-no-adapters",
      "munet-s0.3-no-tuning",
      "munet-s1-no-tuning",
      "munet-s0.3-no-adapters-no-tuning",
      "munet-s1-no-adapters-no-tuning",
    ]);
    expect(names({ scaleFactors: [], baselines: ["all"] })).toEqual([
      "full",
      "top-0",
      "top-1",
      "top-2",
      "multi-head",
      "adapters-8",
      "adapters-32",
      "adapters-128",
      "adapters-512",
    ]);
  });

  it("has ablations where they are asked for only", () => {
    expect(names({ scaleFactors: [0.02, 0.3, 1], ablate: ["tuning"], ablateAt: [0.02, 1] })).toEqual([
      "munet-s0.02",
      "munet-s0.3",
      "munet-s1",
      "munet-s0.02-no-tuning",
      "munet-s1-no-tuning",
    ]);
    expect(() => names({ ablateAt: [2] })).toThrow("at most 1");
  });

  it("has all seven sizes of adapters at paper budget, and any size that is named at others", () => {
    const paper = { experiment: characters(), scaleFactors: [] };
    expect(names({ ...paper, baselines: ["adapters"] })).toHaveLength(7);
    expect(names({ scaleFactors: [], baselines: ["adapters-64", "full"] })).toEqual(["full", "adapters-64"]);
  });

  it("counts points by hand: (4 scale factors x 3 + 9 baselines) x 3 repetitions", () => {
    const asked = plan({
      scaleFactors: [0.02, 0.3, 0.9, 1],
      ablate: ["adapters", "tuning"],
      baselines: ["all"],
      repetitions: 3,
    });
    expect(pointsOf(asked)).toHaveLength((4 * 3 + 9) * 3);
  });

  it("holds what is asked for twice once", () => {
    expect(names({ scaleFactors: [1, 1], baselines: ["full", "all", "full"] })).toHaveLength(1 + 9);
  });

  it("runs every variant of a repetition before the next", () => {
    const points = pointsOf(plan({ scaleFactors: [0.3, 1], repetitions: 2 }));
    expect(points.map(({ name }) => name)).toEqual([
      "munet-s0.3_r0",
      "munet-s1_r0",
      "munet-s0.3_r1",
      "munet-s1_r1",
    ]);
  });

  it("pairs: points of one repetition share a seed, others do not; the first has the sweep's own", () => {
    const points = pointsOf(plan({ scaleFactors: [0.3, 1], baselines: ["all"], repetitions: 4 }));
    const seeds = [0, 1, 2, 3].map(
      (repetition) =>
        new Set(points.filter((p) => p.repetition === repetition).map((p) => p.experiment.seed)),
    );
    expect(seeds.map((of) => of.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(seeds.flatMap((of) => [...of])).size).toBe(4);
    expect(seedOf(5, 0)).toBe(5);
  });

  it("gives every baseline as many examples as muNet: its cycles times iterations and generations, once", () => {
    const [munet, full] = plan({ baselines: ["full"] }).variants.map((planned) => planned.experiment);
    const cycles = ({ training, iterations, generations, children }: typeof experiment) =>
      training.cycles * iterations * generations * children;
    expect(cycles(full!)).toBe(cycles(munet!));
    expect([full!.iterations, full!.generations]).toEqual([1, 1]);
  });

  it("takes experiments with switches of their own, with the sweep's seed", () => {
    const slow = { ...tinyMunet(), seed: 99 };
    const { variants } = plan({ custom: { "slow.1": slow } });
    expect(variants.at(-1)).toMatchObject({
      variant: { method: "custom", name: "slow.1" },
      experiment: { name: "tiny", seed: 5 },
    });
  });

  it("is plain data that its own reader accepts", () => {
    const grid = {
      format: 1,
      plan: plan({ baselines: ["all"] }),
      versions: {},
      points: [],
      failures: [],
      data: {},
    };
    expect(parseSweepFile(JSON.parse(JSON.stringify(grid)), "grid.json").plan).toEqual(grid.plan);
  });
});

describe("a part of a sweep", () => {
  const whole = plan({ scaleFactors: [0.3, 1], repetitions: 2 });
  it("is named by variant or by point", () => {
    const of = (...only: string[]) => chosenPoints(whole, only).map(({ name }) => name);
    expect(of("munet-s1")).toEqual(["munet-s1_r0", "munet-s1_r1"]);
    expect(of("munet-s0.3_r1", "munet-s1_r0")).toEqual(["munet-s1_r0", "munet-s0.3_r1"]);
    expect(of()).toHaveLength(4);
  });

  it("that is misspelt is answered with the nearest", () => {
    expect(() => chosenPoints(whole, ["munet-s0,3"])).toThrow(/did you mean "munet-s0\.3"/);
  });
});

describe("a request that can't be planned", () => {
  it.each<[Partial<SweepRequest>, string]>([
    [{ scaleFactors: [0] }, "above 0, at most 1"],
    [{ scaleFactors: [1.5] }, "above 0, at most 1"],
    [{ scaleFactors: [Number.NaN] }, "above 0, at most 1"],
    [{ repetitions: 0 }, "a whole number from 1 to 1000"],
    [{ repetitions: 1.5 }, "a whole number from 1 to 1000"],
    [{ repetitions: 5e9 }, "a whole number from 1 to 1000"],
    [{ ablate: ["adaptors" as "adapters"] }, 'did you mean "adapters"'],
    [{ baselines: ["ful"] }, 'did you mean "full"'],
    [{ baselines: ["top-3"] }, 'did you mean "top-'],
    [{ scaleFactors: [] }, "at least one point"],
    [{ custom: { "a/b": experiment } }, "letters, digits, dots and hyphens"],
    [{ scaleFactors: [1], custom: { "munet-s1": experiment } }, "not in the sweep yet"],
  ])("says why: %j", (request, words) => {
    expect(() => plan(request)).toThrow(words);
  });
});
