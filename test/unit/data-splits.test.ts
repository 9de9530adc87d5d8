// Which rows go where, with the papers' numbers.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { gather } from "../../src/data/rows.js";
import { splitRows } from "../../src/data/splits.js";

const BANGLA = { train: 5000, test: 1000 };

test("µ2Net holds out 20 % of cmaterdb and muNet 5 %", () => {
  const sizes = (published: typeof BANGLA, validation: number) => {
    const { train, validation: held, test: tested } = splitRows("t", published, validation, rngFromSeed(0));
    return [train.length, held.length, tested.length];
  };
  expect(sizes(BANGLA, 0.2)).toEqual([4000, 1000, 1000]);
  expect(sizes({ train: 2500, test: 500 }, 0.2)).toEqual([2000, 500, 500]);
  expect(sizes(BANGLA, 0.05)).toEqual([4750, 250, 1000]);
  expect(sizes({ train: 2500, test: 500 }, 0.05)).toEqual([2375, 125, 500]);
});

test("rows sorted by class give every class its share of the validation images", () => {
  for (const seed of [0, 1, 2]) {
    const { validation } = splitRows("t", BANGLA, 0.2, rngFromSeed(seed));
    const counts = new Array<number>(10).fill(0);
    for (const row of validation) counts[Math.floor(row / 500)]! += 1;
    // Hypergeometric: 100 of each on average, standard deviation 8.5.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(5 * 8.5);
  }
});

test("the seed decides the rows, and nothing else does", () => {
  const rows = (seed: number) => splitRows("t", BANGLA, 0.2, rngFromSeed(seed));
  expect(rows(7)).toEqual(rows(7));
  expect(rows(7).validation).not.toEqual(rows(8).validation);
});

test("an empty split is an error that names it", () => {
  const split = (train: number, tested: number, validation: number) => () =>
    splitRows("glyphs/lao", { train, test: tested }, validation, rngFromSeed(0));
  expect(split(2, 1, 0.1)).toThrow('Task "glyphs/lao" has no validation images');
  expect(split(1, 1, 0.6)).toThrow('Task "glyphs/lao" has no train images');
  expect(split(10, 0, 0.5)).toThrow('Task "glyphs/lao" has no test images');
});

test("a share of validation images outside (0, 1) and a limit below 1 are refused", () => {
  for (const validation of [0, 1, -0.2, 20, Number.NaN])
    expect(() => splitRows("t", BANGLA, validation, rngFromSeed(0))).toThrow(
      "The share of validation images",
    );
  for (const limit of [0, -5, Number.NaN])
    expect(() => splitRows("t", BANGLA, 0.2, rngFromSeed(0), limit)).toThrow("The limit of images a split");
});

test("gathered images are the chosen rows in the chosen order, in memory that threads share", () => {
  const rows = {
    pixels: Uint8Array.of(0, 1, 10, 11, 20, 21),
    labels: Int32Array.of(5, 6, 7),
    count: 3,
    height: 1,
    width: 2,
    channels: 1,
  };
  const images = gather(rows, Int32Array.of(2, 0));
  expect([...images.pixels]).toEqual([20, 21, 0, 1]);
  expect([...images.labels]).toEqual([7, 5]);
  expect(images.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(images.labels.buffer).toBeInstanceOf(SharedArrayBuffer);
});
