import { describe, expect, test } from "vitest";
import {
  interval,
  populationStd,
  sampleStd,
  sideOf,
  tQuantile,
  welchInterval,
} from "../../src/analysis/stats.js";

describe("statistics of few repetitions", () => {
  test("Student's t has the quantiles of its printed tables", () => {
    const table: [number, number][] = [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [4, 2.776],
      [9, 2.262],
      [29, 2.045],
      [1000, 1.962],
    ];
    for (const [df, t] of table) expect(tQuantile(df)).toBeCloseTo(t, 2);
    expect(tQuantile(2.5)).toBeGreaterThan(3.182);
    expect(tQuantile(2.5)).toBeLessThan(4.303);
  });

  test("the ± of the papers divides by n, the estimate by n − 1", () => {
    expect(populationStd([1, 3])).toBe(1);
    expect(sampleStd([1, 3])).toBeCloseTo(Math.SQRT2, 12);
    expect(sampleStd([1])).toBeNaN();
  });

  test("an interval by hand: 1, 2, 3 is 2 ± 4.303 / √3", () => {
    const { mean, low, high, n } = interval([1, 2, 3]);
    expect([mean, n]).toEqual([2, 3]);
    expect(high! - 2).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
    expect(2 - low!).toBeCloseTo(4.3027 / Math.sqrt(3), 3);
  });

  test("one value has no interval, so it shows nothing", () => {
    expect(interval([5])).toEqual({ n: 1, mean: 5, low: null, high: null });
    expect(sideOf(interval([5]))).toBe("not shown");
    expect(sideOf(interval([5, 5.1, 4.9]))).toBe("above");
    expect(sideOf(interval([-5, -5.1, -4.9]))).toBe("below");
    expect(sideOf(interval([5, -4]))).toBe("not shown");
  });

  test("the interval holds the truth in 95 of 100 samples of three", () => {
    let [state, held] = [12345, 0];
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return (state + 0.5) / 2 ** 32;
    };
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const trials = 4000;
    for (let i = 0; i < trials; i++) {
      const { low, high } = interval([normal() + 7, normal() + 7, normal() + 7]);
      if (low! <= 7 && 7 <= high!) held++;
    }
    expect(held / trials).toBeGreaterThan(0.935);
    expect(held / trials).toBeLessThan(0.965);
  });

  test("against a paper's mean: Welch with two spreads, the paper's own spread for one run", () => {
    // Equal variances 1 and n = 3 on both sides: df 4, half-width 2.776 √(2/3).
    const paper = { mean: 10, std: Math.sqrt(2 / 3), n: 3 };
    const both = welchInterval([11, 12, 13], paper);
    expect(both.mean).toBeCloseTo(2, 12);
    expect(both.high! - 2).toBeCloseTo(2.7764 * Math.sqrt(2 / 3), 3);
    const one = welchInterval([12], paper);
    expect(one.high! - 2).toBeCloseTo(4.3027 * Math.sqrt(1 + 1 / 3), 3);
    expect(welchInterval([12], { ...paper, n: 1 }).low).toBeNull();
  });
});
