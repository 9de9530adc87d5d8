// The rasteriser against areas worked out by hand, and the drawn tasks against what makes them usable.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { glyphArtist } from "../../src/data/glyphs/glyphs.js";
import { createRaster, FULL, GRID } from "../../src/data/glyphs/raster.js";
import { GLYPH_SETS } from "../../src/data/glyphs/sets.js";

/** Ink of polygons given in pixels, as shares of a pixel. */
function inked(size: number, ...contours: [number, number][][]): number[] {
  const points = contours.flat();
  const grid = (axis: 0 | 1) => Int32Array.from(points, (point) => point[axis] * GRID);
  let end = 0;
  const ends = contours.map((contour) => (end += contour.length));
  const ink = new Int32Array(size * size);
  createRaster(size)(grid(0), grid(1), ends, ink);
  return [...ink].map((covered) => covered / FULL);
}

const square = (from: number, to: number): [number, number][] => [
  [from, from],
  [to, from],
  [to, to],
  [from, to],
];

test("a square on pixel borders fills those pixels and no others", () => {
  expect(inked(3, square(1, 2))).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0]);
});

test("a square on half pixels fills quarters at its corners", () => {
  expect(inked(2, square(0.5, 1.5))).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test("a contour that runs the other way cuts a hole, one that runs the same way does not", () => {
  expect(inked(3, square(0, 3), square(1, 2).reverse())[4]).toBe(0);
  expect(inked(3, square(0, 3), square(1, 2))).toEqual(Array(9).fill(1));
});

test("a triangle of half the image has half its ink", () => {
  const ink = inked(8, [
    [0, 0],
    [8, 0],
    [0, 8],
  ]);
  expect(ink.reduce((sum, share) => sum + share)).toBeCloseTo(32, 5);
});

test("what is outside the image is cut off", () => {
  expect(inked(2, square(-5, 1))).toEqual([1, 0, 0, 0]);
  expect(inked(2, square(-5, 9))).toEqual([1, 1, 1, 1]);
});

const rows = (...list: number[]) => Int32Array.from(list);
const draw = async (name: string, which: Int32Array, seed = 0) =>
  (await glyphArtist(GLYPH_SETS.find((glyphs) => glyphs.name === name)!))(which, rngFromSeed(seed), () => {});

test("a row is drawn alike whichever rows are drawn with it, and unlike the next of its class", async () => {
  const [alone, among] = [await draw("telugu", rows(13)), await draw("telugu", rows(3, 13, 23))];
  const size = alone.pixels.length;
  expect(among.pixels.slice(size, 2 * size)).toEqual(alone.pixels);
  expect(among.pixels.slice(2 * size)).not.toEqual(alone.pixels);
  expect([...among.labels]).toEqual([3, 3, 3]);
});

test("drawings are black on white in three equal channels, with ink in every one", async () => {
  const { pixels, count } = await draw(
    "bengali",
    Int32Array.from({ length: 200 }, (_, i) => i),
  );
  let blackOrWhite = 0;
  for (let i = 0; i < count; i++) {
    const red = pixels.subarray(i * 3072, (i + 1) * 3072).filter((_, c) => c % 3 === 0);
    const dark = red.filter((byte) => byte < 128).length / 1024;
    expect(dark).toBeGreaterThan(0.02); // cmaterdb: 0.25 to 0.32 on average
    expect(dark).toBeLessThan(0.7);
    blackOrWhite += red.filter((byte) => byte === 0 || byte === 255).length;
  }
  expect(blackOrWhite / (count * 1024)).toBeGreaterThan(0.85);
  for (let i = 0; i < pixels.length; i += 3) {
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2])
      throw new Error(`pixel ${i / 3} is coloured`);
  }
});

test("digits can be learnt but not guessed: the nearest of 600 drawings names most of 100 new ones, not all", async () => {
  const { pixels, labels } = await draw(
    "devanagari",
    Int32Array.from({ length: 700 }, (_, i) => i),
  );
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < 3072; i += 3) sum += (pixels[a * 3072 + i]! - pixels[b * 3072 + i]!) ** 2;
    return sum;
  };
  let right = 0;
  for (let tested = 600; tested < 700; tested++) {
    let best = 0;
    for (let known = 1; known < 600; known++)
      if (distance(tested, known) < distance(tested, best)) best = known;
    if (labels[best] === labels[tested]) right += 1;
  }
  expect(right).toBeGreaterThan(70);
  expect(right).toBeLessThan(99);
});
