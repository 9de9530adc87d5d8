import { describe, expect, it } from "vitest";
import { rngFromKey, rngFromSeed, threefry2x32 } from "../../src/core/rng.js";

describe("threefry2x32", () => {
  // Known answers of Random123 (kat_vectors, threefry2x32, 20 rounds).
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)("of key %j and counter %j is the published answer", (key, counter, answer) => {
    expect(threefry2x32(key, counter)).toEqual(answer);
  });
});

describe("a stream", () => {
  it("gives the same numbers for the same seed and label, however far its parent was read", () => {
    const fresh = rngFromSeed(7).child("iter0/bangla");
    const parent = rngFromSeed(7);
    for (let i = 0; i < 5; i++) parent.uniform();
    const later = parent.child("iter0/bangla");
    const draws = (rng: typeof fresh) => Array.from({ length: 9 }, () => rng.uniform());
    expect(draws(later)).toEqual(draws(fresh));
  });

  it("differs between labels, also where one is the other's beginning or padded with zero bytes", () => {
    const labels = ["", "a", "a\0", "ab", "iter0/bang", "iter0/bangla"];
    const firsts = labels.map((label) => rngFromSeed(1).child(label).uniform());
    expect(new Set(firsts).size).toBe(labels.length);
  });

  it("differs between seeds beyond 32 bits", () => {
    expect(rngFromSeed(1).uniform()).not.toBe(rngFromSeed(1 + 2 ** 32).uniform());
  });

  it("is rebuilt from its key", () => {
    const rng = rngFromSeed(3).child("x");
    expect(rngFromKey(rng.key).uniform()).toBe(rng.uniform());
  });

  it("draws every integer below n about equally often", () => {
    const rng = rngFromSeed(0);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[rng.int(7)]++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400); // 4 standard deviations
  });

  it("draws normals with mean 0 and variance 1", () => {
    const rng = rngFromSeed(0);
    const draws = Array.from({ length: 40_000 }, () => rng.normal());
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });

  it("shuffles into a permutation and leaves the original alone", () => {
    const items = Array.from({ length: 50 }, (_, i) => i);
    const shuffled = rngFromSeed(0).shuffle(items);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items);
  });
});
