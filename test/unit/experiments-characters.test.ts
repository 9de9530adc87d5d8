import { describe, expect, it } from "vitest";
import { BACKBONES } from "../../src/core/components.js";
import { childCount } from "../../src/core/experiment.js";
import { mu2net, munet } from "../../src/core/methods.js";
import { batchesPerCycle, validationBatches } from "../../src/core/training.js";
import { characters } from "../../src/experiments/characters.js";
import { DECATHLON_TASKS, decathlon } from "../../src/experiments/decathlon.js";
import { large } from "../../src/experiments/large.js";
import { applyOverrides } from "../../src/experiments/overrides.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { rootSize, withRootSpec } from "../../src/experiments/root-size.js";

describe("the characters benchmark at paper budget (method.md §g)", () => {
  const { training, method, tasks, ...experiment } = characters();

  it("is 8 tasks × 2 iterations × 8 generations × 8 children", () => {
    expect(childCount(characters())).toBe(1024);
    expect(tasks.map(({ name }) => name)).toEqual([
      "emnist/digits",
      "emnist/letters",
      "kmnist",
      "mnist",
      "omniglot",
      "cmaterdb/bangla",
      "cmaterdb/devanagari",
      "cmaterdb/telugu",
    ]);
  });

  it("trains for the published numbers of steps: 100, 38, 10 and 5 batches a cycle", () => {
    const perCycle = [228_000, 19_280, 4_750, 2_375].map((count) => batchesPerCycle(training, count));
    expect(perCycle).toEqual([100, 38, 10, 5]);
    expect(training.cycles).toBe(5);
  });

  it("validates on the published numbers of images", () => {
    const cut = [12_000, 4_440, 3_000, 2_720, 250, 125].map((count) => validationBatches(training, count));
    expect(cut.map(({ batches, size }) => [batches, size])).toEqual([
      [10, 512],
      [9, 493],
      [6, 500],
      [6, 453],
      [1, 250],
      [1, 125],
    ]);
  });

  it("begins with three blocks at 32 pixels, µ 0.1 and warm-up 0.1", () => {
    const { mutationProbability, warmupRatio, imageSize, blocks } = method.defaults;
    expect([mutationProbability, warmupRatio, imageSize, blocks]).toEqual([0.1, 0.1, 32, 3]);
    expect([experiment.root.blocks, method.rootParams, experiment.validationFraction]).toEqual([
      3, 1_484_162, 0.05,
    ]);
  });
});

describe("a root of another size", () => {
  const small = { kind: "random", backbone: BACKBONES["S/16"], blocks: 2 } as const;

  it("is the measure of size, and its blocks are the most that a model has", () => {
    const { method, root } = characters({ root: small });
    expect(root).toBe(small);
    expect([method.blocksRange, method.defaults.blocks]).toEqual([[1, 2], 2]);
    // Patches, class token, 5 positions, 2 blocks, final norm, a head of two classes; width 384.
    const block = 4 * (384 ** 2 + 384) + 2 * 384 * 1536 + 1536 + 384 + 4 * 384;
    const expected = 769 * 384 + 384 + 5 * 384 + 2 * block + 2 * 384 + 2 * 385;
    expect(method.rootParams).toBe(expected);
    expect(withRootSpec(characters(), small).method.rootParams).toBe(expected);
  });

  it("is what the published constants are for the papers' roots (method.md §0-13)", () => {
    expect(characters().method.rootParams).toBe(munet.rootParams);
    expect(decathlon().method.rootParams).toBe(85_652_738);
    expect(large("vit").method.rootParams).toBe(303_303_682);
    expect(mu2net.rootParams).toBe(303_303_682);
  });

  it("is the measure unless another one was set", () => {
    const set = applyOverrides(characters(), ["rootParams=5000"]);
    expect(withRootSpec(set, small)).toMatchObject({ root: small, method: { rootParams: 5000 } });
  });

  it("of no blocks is measured with those that may be inserted", () => {
    const none = { kind: "random", backbone: BACKBONES["S/16"], blocks: 0 } as const;
    expect(withRootSpec(preliminary(), none).method.rootParams).toBe(rootSize({ ...none, blocks: 3 }));
  });
});

describe("the decathlon at paper budget (method.md §g)", () => {
  it("is 10 tasks × 2 iterations × 8 generations × 8 children of 30 cycles of at most 200 batches", () => {
    const { training, method, root } = decathlon();
    expect(childCount(decathlon())).toBe(1280);
    expect(DECATHLON_TASKS.length).toBe(10);
    expect([training.cycles, batchesPerCycle(training, 1_230_000), batchesPerCycle(training, 1_020)]).toEqual(
      [30, 200, 4],
    );
    expect(validationBatches(training, 24_500)).toEqual({ batches: 10, size: 256 });
    expect([method.defaults.imageSize, method.defaults.blocks, root.blocks, method.rootParams]).toEqual([
      80, 12, 12, 85_652_738,
    ]);
  });
});
