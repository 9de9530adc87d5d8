import { describe, expect, it } from "vitest";
import { childCount } from "../../src/core/experiment.js";
import { batchesPerCycle, validationBatches } from "../../src/core/training.js";
import { characters, charactersTasks } from "../../src/experiments/characters.js";
import { DECATHLON_TASKS, decathlon } from "../../src/experiments/decathlon.js";

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

describe("the characters benchmark where not all of its data is there", () => {
  it("takes what is on disk, then a part of it, then printed glyphs, each task once", () => {
    const onDisk = new Set([
      "mnist",
      "omniglot",
      "kmnist/first7000",
      "cmaterdb/bangla",
      "cmaterdb/devanagari",
      "cmaterdb/telugu",
    ]);
    expect(charactersTasks(onDisk).map(({ name }) => name)).toEqual([
      "glyphs/latin-digits",
      "glyphs/latin-letters",
      "kmnist/first7000",
      "mnist",
      "omniglot",
      "cmaterdb/bangla",
      "cmaterdb/devanagari",
      "cmaterdb/telugu",
    ]);
  });

  it("is all glyphs where nothing is there, and as published where all is", () => {
    const drawn = charactersTasks(new Set());
    expect(new Set(drawn.map(({ name }) => name)).size).toBe(8);
    for (const { name } of drawn) expect(name).toMatch(/^glyphs\//);
    const published = characters().tasks;
    expect(charactersTasks(new Set(published.map(({ name }) => name)))).toEqual(published);
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
