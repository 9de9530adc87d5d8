// Where paper and published code differ, each switch beside the other; those of parents are in core-sample.

import { describe, expect, it } from "vitest";
import { type Method, munet } from "../../src/core/methods.js";
import type { Plan } from "../../src/core/model.js";
import { samplePreprocessing } from "../../src/core/mutate.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { initLayer } from "../../src/graph/init.js";
import { handChild, handModel, handShape, handState } from "../support/models.js";

const root = handModel(0, null);
const children = (
  changes: Partial<Method>,
  state = handState([root]),
  parent = 0,
  count = 3000,
  mutate = true,
): Plan[] =>
  Array.from({ length: count }, (_, seed) =>
    handChild(state, parent, { ...munet, ...changes }, seed, mutate),
  );
const share = (plans: readonly Plan[], is: (plan: Plan) => boolean): number =>
  plans.filter(is).length / plans.length;

describe("slots of adapters (§0-7)", () => {
  it("are before every block in the published code, and only between blocks in the paper", () => {
    const everywhere = children({});
    const between = children({ adapterPlaces: "between-blocks" });
    const has = (slot: number) => (plan: Plan) => plan.shape.adapters.includes(slot);
    expect(share(everywhere, has(0))).toBeCloseTo(0.1, 1.5);
    expect(share(between, has(0))).toBe(0);
    for (const plans of [everywhere, between]) expect(share(plans, has(1))).toBeCloseTo(0.1, 1.5);
  });
});

describe("adapters of another inner size (§b.5)", () => {
  const shape = handShape({ adapters: [1] });
  const wide = handModel(1, "t", shape);
  /** µ is so high that the size always steps. */
  const restless: Partial<Method> = {
    defaults: { ...munet.defaults, mutationProbability: 1 },
    blocksRange: [3, 3],
    search: { adapterDim: munet.search.adapterDim! },
  };
  const parent = { ...wide, hyperparams: { ...wide.hyperparams, mutationProbability: 1 } };

  it("are made again, in their slot", () => {
    for (const plan of children(restless, handState([root, parent]), 1, 50)) {
      expect([16, 64]).toContain(plan.shape.adapterDim);
      const { source } = plan.positions.find(({ name }) => name === "residual_adapter_1")!;
      expect(source).toEqual({ how: "init" });
    }
  });

  it("are found again in a living ancestor that had them at that size", () => {
    const narrow = handShape({ adapters: [1], adapterDim: 16 });
    const old = handModel(1, "t", narrow, { path: handModel(1, "old", narrow).path });
    const now = { ...parent, id: 2, parent: 1 };
    const plans = children(restless, handState([root, old, now]), 2, 50);
    const source = (plan: Plan) =>
      plan.positions.find(({ name }) => name === "residual_adapter_1")!.source as { layer?: { id: string } };
    for (const plan of plans)
      expect(source(plan).layer?.id).toBe(
        plan.shape.adapterDim === 16 ? "old/residual_adapter_1" : undefined,
      );
    expect(share(plans, (plan) => plan.shape.adapterDim === 16)).toBeCloseTo(0.5, 0);
  });

  it("are not removed by a mutation, but go with their block", () => {
    const top = handModel(1, "t", handShape({ adapters: [2] }));
    const plans = children({ tuneHyperparams: false }, handState([root, top]), 1);
    for (const { shape } of plans) expect(shape.adapters.includes(2)).toBe(shape.blocks === 3);
    expect(share(plans, ({ shape }) => shape.blocks === 2)).toBeCloseTo(0.05, 1.7);
  });
});

describe("depth without auto-tuning", () => {
  it("is mutable all the same (method.md §c.1), and nothing else of the hyperparameters is", () => {
    const plans = children({ tuneHyperparams: false });
    const steps = new Set(
      plans.flatMap(({ mutations }) => mutations.flatMap((m) => (m.kind === "step" ? [m.name] : []))),
    );
    expect([...steps]).toEqual(["blocks"]);
  });

  it("stays between one block and those of the root: half of the steps at an end go nowhere", () => {
    const shallow = handModel(1, "t", handShape({ blocks: 1 }));
    const plans = children({ tuneHyperparams: false }, handState([root, shallow]), 1);
    expect(share(plans, ({ shape }) => shape.blocks === 2)).toBeCloseTo(0.05, 1.7);
    expect(share(plans, ({ shape }) => shape.blocks === 1)).toBeCloseTo(0.95, 1.7);
  });

  it("only falls, by the top block and with all of µ, where the paper is taken at its word (§0-6)", () => {
    const plans = children({ tuneHyperparams: false, depth: "remove-top" });
    expect(share(plans, ({ shape }) => shape.blocks === 2)).toBeCloseTo(0.1, 1.5);
    expect(share(plans, ({ shape }) => shape.blocks === 3)).toBeCloseTo(0.9, 1.5);
  });
});

describe("a value that is not a number (§b.3)", () => {
  const schedules = (changes: Partial<Method>) => {
    const plans = children({
      ...changes,
      search: { schedule: munet.search.schedule!, nesterov: munet.search.nesterov! },
    });
    return {
      flips: share(plans, ({ hyperparams }) => hyperparams.nesterov),
      constant: share(plans, ({ hyperparams }) => hyperparams.schedule === "constant"),
    };
  };

  it("steps to a neighbour in the published code: a switch flips with half of µ", () => {
    expect(schedules({})).toEqual({ flips: expect.closeTo(0.05, 1.7), constant: expect.closeTo(0.05, 1.7) });
  });

  it("takes any other value in the paper: a switch that mutates flips", () => {
    const { flips, constant } = schedules({ categoricalSteps: "any" });
    expect(flips).toBeCloseTo(0.1, 1.5);
    expect(constant).toBeCloseTo(0.05, 1.7);
  });
});

describe("preprocessing (§0-4, §0-5)", () => {
  const bred = handModel(1, "t");
  const own = { ...bred, hyperparams: { ...bred.hyperparams, areaMin: 1, flip: false } };
  const state = handState([root, own]);
  const areas = (changes: Partial<Method>, mutate = true) => {
    const plans = children(changes, state, 1, 3000, mutate);
    return (areaMin: number) => share(plans, ({ hyperparams }) => hyperparams.areaMin === areaMin);
  };

  it("is the generation's in the published code, and the parent's, each value stepped with µ, in the paper", () => {
    expect(areas({})(0.05)).toBe(1);
    const perChild = areas({ preprocessing: "per-child" });
    // 1 is the end of the list: half of the steps go nowhere.
    expect([perChild(1), perChild(0.5)]).toEqual([expect.closeTo(0.95, 1.7), expect.closeTo(0.05, 1.7)]);
  });

  it("of an unmutated child is its parent's where the generation has none", () => {
    expect(areas({}, false)(0.05)).toBe(1);
    expect(areas({ preprocessing: "per-child" }, false)(1)).toBe(1);
  });

  it("of a generation steps with the default µ in the published code, or with that of the best model", () => {
    const restless = { ...own, hyperparams: { ...own.hyperparams, mutationProbability: 1 } };
    const stepped = (changes: Partial<Method>) =>
      Array.from({ length: 2000 }, (_, seed) =>
        samplePreprocessing(handState([root, restless]), { ...munet, ...changes }, rngFromSeed(seed)),
      ).filter(({ flip }) => flip).length / 2000;
    expect(stepped({})).toBeCloseTo(0.05, 1.7);
    expect(stepped({ preprocessingProbability: "evolved" })).toBeCloseTo(0.5, 1.3);
  });
});

describe("a new head (§0-9)", () => {
  const kernel = (init?: "zero" | "random") =>
    [...initLayer("head", handShape(), rngFromSeed(1), init).kernel!.data].filter((value) => value !== 0);

  it("is zero in both codes, and random where µ2Net's text is taken at its word", () => {
    expect(kernel()).toEqual([]);
    expect(kernel("zero")).toEqual([]);
    expect(kernel("random").length).toBe(160);
    expect(
      [...initLayer("head", handShape(), rngFromSeed(1), "random").bias!.data].every((b) => b === 0),
    ).toBe(true);
  });
});
