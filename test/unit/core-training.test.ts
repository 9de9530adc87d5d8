import { describe, expect, it } from "vitest";
import {
  batchesPerCycle,
  learningRateAt,
  type Training,
  validationBatches,
} from "../../src/core/training.js";

const training = (changes: Partial<Training>): Training => ({
  batchSize: 512,
  cycles: 5,
  examplesPerCycle: 51_200,
  validationExamples: 5_120,
  clipNorm: 1,
  ...changes,
});

describe("step counts of method.md §e", () => {
  it.each([
    [228_000, 100],
    [19_280, 38],
    [4_750, 10],
    [2_375, 5],
    [4_000, 8],
    [2_000, 4],
  ])("%i training images make %i batches a cycle", (count, batches) =>
    expect(batchesPerCycle(training({}), count)).toBe(batches));

  it.each([
    [12_000, 10, 512],
    [4_440, 9, 493],
    [3_000, 6, 500],
    [2_720, 6, 453],
    [250, 1, 250],
    [125, 1, 125],
    [1_000, 2, 500],
  ])("%i validation images make %i batches of %i", (count, batches, size) => {
    expect(validationBatches(training({}), count)).toEqual({ batches, size });
  });
});

describe("learning rates of method.md §e.2", () => {
  const at = (step: number, schedule: "cosine" | "restarts" | "constant", warmupRatio = 0.1) =>
    learningRateAt(step, 40, 10, { learningRate: 0.1, schedule, warmupRatio });

  it("cosine rises from a hundredth over ⌊0.1 · 40⌋ = 4 steps, peaks, is half-way at the middle of the rest and ends near zero", () => {
    expect([0, 1, 2, 3, 4].map((s) => at(s, "cosine"))).toEqual(
      [0.001, 0.02575, 0.0505, 0.07525, 0.1].map((v) => expect.closeTo(v, 12)),
    );
    expect(at(22, "cosine")).toBeCloseTo(0.05, 12);
    expect(at(39, "cosine")).toBeCloseTo(0.05 * (1 + Math.cos((Math.PI * 35) / 36)), 12);
  });

  it("cosine without a whole warm-up step starts at the peak", () => expect(at(0, "cosine", 0.01)).toBe(0.1));

  it("restarts repeats the curve of one cycle, with its own ⌊0.1 · 10⌋ = 1 step of warm-up", () => {
    for (let s = 0; s < 10; s++) expect(at(s + 20, "restarts")).toBe(at(s, "restarts"));
    expect(at(10, "restarts")).toBeCloseTo(0.001, 12);
    expect(at(11, "restarts")).toBeCloseTo(0.1, 12);
  });

  it("constant is half the rate, without warm-up", () =>
    expect([0, 5, 39].map((s) => at(s, "constant"))).toEqual([0.05, 0.05, 0.05]));
});
