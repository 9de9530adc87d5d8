import { describe, expect, it } from "vitest";
import {
  detectableEffect,
  normalBelow,
  pairsFor,
  power,
  powerWithin,
  WANTED_POWER,
} from "../../src/analysis/power.js";
import { interval } from "../../src/analysis/stats.js";
import { rngFromSeed } from "../../src/core/rng.js";

const normals = (seed: number) => {
  const rng = rngFromSeed(seed).child("normal");
  return () => rng.normal();
};

describe("power of paired differences", () => {
  it("is that of tables: R's power.t.test(type = 'paired') needs 33.4, 14.3 and 198.2 pairs for d = 0.5, 0.8, 0.2", () => {
    expect(pairsFor((n) => power(0.5, 1, n))).toBe(34);
    expect(pairsFor((n) => power(0.8, 1, n))).toBe(15);
    expect(pairsFor((n) => power(0.2, 1, n))).toBe(199);
  });

  it("by hand with two pairs: the interval excludes 0 where |x + y| > 12.706 |x − y|", () => {
    // The mean (x + y) / 2 against t · s / √2, where s = |x − y| / √2.
    const random = normals(1);
    let hits = 0;
    const draws = 200_000;
    for (let i = 0; i < draws; i++) {
      const [x, y] = [3 + random(), 3 + random()];
      if (x + y > 12.7062 * Math.abs(x - y)) hits++;
    }
    expect(power(3, 1, 2)).toBeCloseTo(hits / draws, 2); // 0.005;
  });

  it.each([
    [0.7, 3],
    [1.2, 5],
    [0.4, 12],
  ])("is the share of simulated experiments that show an effect of %d with %d pairs", (effect, n) => {
    const random = normals(n);
    const runs = 10_000;
    const shown = Array.from({ length: runs }, () =>
      interval(Array.from({ length: n }, () => effect + random())),
    ).filter(({ low }) => low! > 0).length;
    expect(Math.abs(power(effect, 1, n) - shown / runs)).toBeLessThan(0.02);
  });

  it("of equivalence is the share of simulated intervals within the margin", () => {
    const random = normals(9);
    const runs = 10_000;
    const [n, margin, effect] = [8, 1.2, 0.2];
    const within = Array.from({ length: runs }, () =>
      interval(Array.from({ length: n }, () => effect + random())),
    ).filter(({ low, high }) => low! > -margin && high! < margin).length;
    expect(Math.abs(powerWithin(effect, 1, n, margin) - within / runs)).toBeLessThan(0.02);
  });

  it("has its ends: no effect, no spread, too few pairs", () => {
    expect(power(0, 1, 50)).toBe(0);
    expect(power(1, 0, 2)).toBe(1);
    expect(power(1, 1, 1)).toBe(0);
    expect(powerWithin(0.5, 0, 2, 1)).toBe(1);
    expect(powerWithin(2, 0, 2, 1)).toBe(0);
    expect(pairsFor((n) => power(0.001, 1, n))).toBe(Number.POSITIVE_INFINITY);
    expect(pairsFor((n) => power(1, 0, n))).toBe(2);
  });

  it("and the detectable effect are inverse to each other", () => {
    const effect = detectableEffect(2, 6);
    expect(power(effect, 2, 6)).toBeCloseTo(WANTED_POWER, 4);
    expect(detectableEffect(1, 1)).toBeNaN();
    expect(detectableEffect(0, 3)).toBe(0);
  });

  it("rests on Φ", () => {
    expect(normalBelow(0)).toBeCloseTo(0.5, 6);
    expect(normalBelow(1.959964)).toBeCloseTo(0.975, 6);
    expect(normalBelow(-1.644854)).toBeCloseTo(0.05, 6);
  });
});
