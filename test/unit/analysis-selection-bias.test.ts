import { describe, expect, test } from "vitest";
import { selectionBound, selectionRows, selectionVerdict } from "../../src/analysis/sweep/selection-bias.js";
import { type Variant, variantName } from "../../src/core/variant.js";
import { madeUpSweep } from "../support/made-up-sweep.js";

/** Uniform numbers in (0, 1), always the same. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z = (z + Math.imul(z ^ (z >>> 7), z | 61)) ^ z;
    return (((z ^ (z >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
}

describe("the bound of selection bias", () => {
  test.each([
    [0.8, 100, 30],
    [0.95, 125, 128],
    [0.5, 50, 10],
  ])("is what a simulation of equally good models shows (q %f, %i images, best of %i)", (q, images, evaluations) => {
    const uniform = uniforms(7);
    const trials = 1500;
    let sum = 0;
    for (let t = 0; t < trials; t++) {
      let best = 0;
      for (let e = 0; e < evaluations; e++) {
        let right = 0;
        for (let i = 0; i < images; i++) if (uniform() < q) right++;
        best = Math.max(best, right);
      }
      sum += best / images - q;
    }
    const bound = selectionBound(q, images, evaluations);
    const error = Math.sqrt((q * (1 - q)) / images / trials);
    expect(Math.abs(sum / trials - bound)).toBeLessThan(4 * error);
  });

  test("is near the deviation times the expected maximum of normals, 1.539 of ten", () => {
    expect(selectionBound(0.5, 4000, 10) / Math.sqrt(0.25 / 4000)).toBeCloseTo(1.539, 1);
  });

  test("is nothing for one evaluation, grows with their number, shrinks with the images, never passes 100 %", () => {
    expect(selectionBound(0.7, 100, 1)).toBeCloseTo(0, 9);
    expect(selectionBound(0.7, 100, 50)).toBeGreaterThan(selectionBound(0.7, 100, 5));
    expect(selectionBound(0.7, 1000, 50)).toBeLessThan(selectionBound(0.7, 100, 50));
    expect(selectionBound(0.99, 10, 1e6)).toBeLessThanOrEqual(0.01 + 1e-12);
    expect(selectionBound(1, 100, 50)).toBe(0);
    expect(selectionBound(0.9, 10_000, 640)).toBeGreaterThan(0);
  });
});

describe("selection bias", () => {
  test("says what a gap can come from", () => {
    expect(selectionVerdict(0.01, 0.05, 0.01)).toBe("none seen");
    expect(selectionVerdict(0.06, 0.05, 0.01)).toBe("within bias");
    expect(selectionVerdict(0.08, 0.05, 0.01)).toBe("beyond bias");
    expect(selectionVerdict(-0.03, 0.05, 0.01)).toBe("test is easier");
  });

  test("has a row for every variant and task, with gap, bound and noise over repetitions", () => {
    const rows = selectionRows(madeUpSweep({ repetitions: 2 }));
    const row = rows.find(({ variant, task }) => variantName(variant) === "munet-s1" && task === "mnist")!;
    expect(row.runs).toBe(2);
    expect(row.gap.mean).toBeCloseTo(row.validation - row.test, 9);
    expect(row.evaluations).toBe(64);
    expect(row.bound).toBeGreaterThan(0.03);
    expect(row.noise).toBeCloseTo(Math.sqrt(row.test * (1 - row.test) * (1 / 500 + 1 / 200)), 9);
  });

  test("counts what replicas that end alike were validated with once: eight times the same number is one chance", () => {
    const [point] = madeUpSweep({ repetitions: 1, tasks: ["mnist"], scaleFactors: [1] });
    const model = { ...point!.tasks[0]!, children: 8, validations: 128 };
    const rowOf = (variant: Variant) => selectionRows([{ ...point!, variant, tasks: [model] }])[0]!;
    for (const variant of [
      { method: "full" },
      { method: "top", frozen: 1 },
      { method: "multi-head" },
    ] as const)
      expect(rowOf(variant)).toMatchObject({
        evaluations: 16,
        bound: selectionBound(model.testAccuracy, model.images.validation, 16),
      });
    expect(rowOf({ method: "adapters", dim: 8 }).evaluations).toBe(128); // adapters begin at random
    expect(rowOf(point!.variant).evaluations).toBe(128);
  });

  test("has noise that more repetitions don't make smaller than that of the test images, which all of them share", () => {
    const [point] = madeUpSweep({ repetitions: 1, tasks: ["mnist"], scaleFactors: [1] });
    const model = {
      ...point!.tasks[0]!,
      testAccuracy: 0.8,
      images: { train: 1, validation: 100, test: 400 },
    };
    const noise = (repetitions: number) =>
      selectionRows(
        Array.from({ length: repetitions }, (_, repetition) => ({ ...point!, repetition, tasks: [model] })),
      )[0]!.noise;
    // 0.8 · 0.2 · (1/400 + 1/100) = 0.002; with four, 0.16 · (1/400 + 1/400) = 0.0008; without end, 0.16 / 400 = 0.0004
    expect(noise(1) ** 2).toBeCloseTo(0.002, 9);
    expect(noise(4) ** 2).toBeCloseTo(0.0008, 9);
    expect(noise(500)).toBeCloseTo(0.02, 3);
  });
});
