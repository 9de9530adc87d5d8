// The random crop against what its rule says in closed form.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { type Box, sampleCrop } from "../../src/data/crop.js";

const DRAWS = 26_000;

function crops(areaMin: number, aspectMin: number, draws = DRAWS): Box[] {
  const rng = rngFromSeed(11);
  return Array.from({ length: draws }, () => {
    const box: Box = { x: 0, y: 0, width: 0, height: 0 };
    sampleCrop(32, 32, areaMin, aspectMin, rng, box);
    return box;
  });
}

test("square crops of at least 5 % of 32 × 32 have every height from 8 to 32 equally often, but 8 twice", () => {
  // √51.2 rounds to 7, and 7 × 7 is too small, so it becomes 8: 26 draws for 25 heights.
  const counts = new Map<number, number>();
  for (const { width, height } of crops(0.05, 1)) {
    expect(width).toBe(height);
    counts.set(height, (counts.get(height) ?? 0) + 1);
  }
  expect(Math.min(...counts.keys())).toBe(8);
  expect(Math.max(...counts.keys())).toBe(32);
  for (const [height, count] of counts) {
    const expected = (DRAWS / 26) * (height === 8 ? 2 : 1);
    expect(Math.abs(count - expected)).toBeLessThan(5 * Math.sqrt(expected));
  }
});

test("crops lie inside the image, cover the smallest area and keep the aspect to within the rounding", () => {
  for (const { x, y, width, height } of crops(0.05, 0.75, 5000)) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(32);
    expect(y + height).toBeLessThanOrEqual(32);
    expect(width * height).toBeGreaterThanOrEqual(0.05 * 1024);
    expect(width + 0.5).toBeGreaterThanOrEqual(0.75 * height);
    expect(width - 0.5).toBeLessThanOrEqual(height / 0.75);
  }
});

test("the aspect ratio is uniform: as many crops below the middle of [½, 2] as above it", () => {
  const below = crops(0.05, 0.5).filter(({ width, height }) => width / height < 1.25).length;
  expect(Math.abs(below / DRAWS - 0.5)).toBeLessThan(0.03);
});

test("offsets are uniform, the last one left out as in the published kernel", () => {
  const offsets = crops(0.05, 1)
    .filter(({ height }) => height === 22)
    .map(({ y }) => y);
  expect(new Set(offsets)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
});

test("an image that no crop fits is taken whole", () => {
  const box: Box = { x: 9, y: 9, width: 9, height: 9 };
  sampleCrop(1, 40, 0.9, 0.75, rngFromSeed(0), box); // a column 40 high has no aspect near 1
  expect(box).toEqual({ x: 0, y: 0, width: 1, height: 40 });
});
