// Saturation and hue against colours whose HSV everybody knows.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { scaleSaturation, shiftHue } from "../../src/data/color.js";

type Planes = [Float32Array, Float32Array, Float32Array];

/** Pixels of [r, g, b] in [0, 1] as planes in [-1, 1]. */
const planes = (...pixels: number[][]): Planes =>
  [0, 1, 2].map((c) => Float32Array.from(pixels, (pixel) => pixel[c]! * 2 - 1)) as Planes;

const pixel = ([red, green, blue]: Planes, i = 0): number[] =>
  [red, green, blue].map((plane) => Math.round(((plane[i]! + 1) / 2) * 1e5) / 1e5);

test("a third of a turn takes red to green, green to blue and blue to red", () => {
  const colors = planes([1, 0, 0], [0, 1, 0], [0, 0, 1]);
  shiftHue(...colors, 3, 1 / 3);
  expect([0, 1, 2].map((i) => pixel(colors, i))).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
});

test("a sixth of a turn back takes red to magenta", () => {
  const colors = planes([1, 0, 0]);
  shiftHue(...colors, 1, -1 / 6);
  expect(pixel(colors)).toEqual([1, 0, 1]);
});

test("half the saturation of orange keeps its hue and value", () => {
  const colors = planes([0.8, 0.4, 0]); // hue 30°, saturation 1, value 0.8
  scaleSaturation(...colors, 1, 0.5);
  expect(pixel(colors)).toEqual([0.8, 0.6, 0.4]);
});

test("saturation stops at 1, where the least channel is 0", () => {
  const colors = planes([0.8, 0.6, 0.4]); // saturation ½
  scaleSaturation(...colors, 1, 5);
  expect(pixel(colors)).toEqual([0.8, 0.4, 0]);
});

test("black, white and greys have no saturation or hue to change", () => {
  const colors = planes([0, 0, 0], [1, 1, 1], [0.3, 0.3, 0.3]);
  const before = structuredClone(colors);
  scaleSaturation(...colors, 3, 1.2);
  shiftHue(...colors, 3, 0.2);
  expect(colors).toEqual(before);
});

test("turning the hue there and back, and halving and doubling the saturation, come back to the colour", () => {
  const rng = rngFromSeed(3);
  const pixels = Array.from({ length: 500 }, () => [rng.uniform(), rng.uniform(), rng.uniform()]);
  const [colors, original] = [planes(...pixels), planes(...pixels)];
  shiftHue(...colors, 500, 0.17);
  scaleSaturation(...colors, 500, 0.5);
  scaleSaturation(...colors, 500, 2);
  shiftHue(...colors, 500, -0.17);
  for (const c of [0, 1, 2])
    for (let i = 0; i < 500; i++) expect(colors[c]![i]).toBeCloseTo(original[c]![i]!, 4);
});
