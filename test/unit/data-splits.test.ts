// Which rows go where, with the papers' numbers.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { taskNamed } from "../../src/data/catalog/catalog.js";
import { heldOut } from "../../src/data/catalog-entry.js";
import { sharedImages } from "../../src/data/rows.js";
import { createSink } from "../../src/data/sink.js";
import { splitRows, splitSizes } from "../../src/data/splits.js";

const divided = (train: number, test: number) => ({
  name: "t",
  sets: { train: { count: train }, test: { count: test } },
  splits: heldOut("share"),
});
const BANGLA = divided(5000, 1000);

test("µ2Net holds out 20 % of cmaterdb and muNet 5 %", () => {
  const sizes = (task: typeof BANGLA, share: number) => {
    const { train, validation, test: tested } = splitRows(task, share, rngFromSeed(0));
    return [train.rows.length, validation.rows.length, tested.rows.length];
  };
  expect(sizes(BANGLA, 0.2)).toEqual([4000, 1000, 1000]);
  expect(sizes(divided(2500, 500), 0.2)).toEqual([2000, 500, 500]);
  expect(sizes(BANGLA, 0.05)).toEqual([4750, 250, 1000]);
  expect(sizes(divided(2500, 500), 0.05)).toEqual([2375, 125, 500]);
});

test.each([
  ["mnist", [57_000, 3000, 10_000]],
  ["emnist/digits", [228_000, 12_000, 40_000]],
  ["emnist/letters", [84_360, 4440, 14_800]],
  ["kmnist", [57_000, 3000, 10_000]],
  ["kmnist/first7000", [6650, 350, 10_000]],
  ["omniglot", [19_280, 2720, 3120]],
  ["omniglot/clean", [13_495, 2892, 2892]],
  ["decathlon/aircraft", [3334, 1666, 1667]],
] as const)("%s is split as the papers do, whatever share the experiment holds out", (name, sizes) => {
  for (const share of [0.05, 0.2]) {
    const task = taskNamed(name);
    const rows = splitRows(task, share, rngFromSeed(1));
    expect([rows.train, rows.validation, rows.test].map(({ rows: { length } }) => length)).toEqual(sizes);
    expect(Object.values(splitSizes(task, share))).toEqual(sizes);
  }
});

test("omniglot takes validation and test images from sets of their own", () => {
  const { train, validation, test: tested } = splitRows(taskNamed("omniglot"), 0.2, rngFromSeed(0));
  expect([train.set, validation.set, tested.set]).toEqual(["train", "small1", "small2"]);
});

test("omniglot/clean gives every character 14 (one of them 13), 3 and 3 drawings, and the same test drawings for every seed, limited or not", () => {
  const split = (seed: number) => splitRows(taskNamed("omniglot/clean"), 0.2, rngFromSeed(seed));
  const [first, second] = [split(1), split(2)];
  const limited = (seed: number) => splitRows(taskNamed("omniglot/clean"), 0.2, rngFromSeed(seed), 500);
  expect(limited(1).test.rows).toEqual(limited(2).test.rows);
  expect(limited(1).train.rows).not.toEqual(limited(2).train.rows);
  for (const [rows, drawings] of [
    [first.train.rows, [13, 14]],
    [first.validation.rows, [3]],
    [first.test.rows, [3]],
  ] as const) {
    const counts = new Array<number>(964).fill(0);
    for (const row of rows) counts[Math.floor(row / 20)]! += 1;
    expect(new Set(counts)).toEqual(new Set(drawings));
  }
  const all = [...first.train.rows, ...first.validation.rows, ...first.test.rows];
  expect(new Set(all).size).toBe(19_279);
  expect([...second.test.rows].sort()).toEqual([...first.test.rows].sort());
  expect([...second.validation.rows].sort()).not.toEqual([...first.validation.rows].sort());
});

test("slices are counted in rows or rounded per cent of their set", () => {
  const sets = { train: { count: 101 }, test: { count: 9 } };
  const split = (train: string, validation: string, test: string) => {
    const rows = splitRows(
      { name: "t", sets, splits: { by: "slices", train, validation, test } },
      0.5,
      rngFromSeed(0),
    );
    return [rows.train, rows.validation, rows.test].map(({ rows: { length } }) => length);
  };
  expect(split("train[:60]", "train[60:]", "test")).toEqual([60, 41, 9]);
  expect(split("train", "test[:50%]", "test[50%:]")).toEqual([101, 4, 5]); // 4.5 is 4, as Python rounds
  expect(split("train[:40]", "train[40:70]", "train[70:]")).toEqual([40, 30, 31]);
});

test("rows sorted by class give every class its share of the validation images", () => {
  for (const seed of [0, 1, 2]) {
    const { validation } = splitRows(BANGLA, 0.2, rngFromSeed(seed));
    const counts = new Array<number>(10).fill(0);
    for (const row of validation.rows) counts[Math.floor(row / 500)]! += 1;
    // Hypergeometric: 100 of each on average, standard deviation 8.5.
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(5 * 8.5);
  }
});

test("the seed decides the rows, and nothing else does", () => {
  const rows = (seed: number) => splitRows(BANGLA, 0.2, rngFromSeed(seed));
  expect(rows(7)).toEqual(rows(7));
  expect(rows(7).validation).not.toEqual(rows(8).validation);
});

test("an empty split is an error that names it", () => {
  const split = (train: number, tested: number, share: number) => () =>
    splitRows({ ...divided(train, tested), name: "glyphs/lao" }, share, rngFromSeed(0));
  expect(split(2, 1, 0.1)).toThrow('Task "glyphs/lao" has no validation images');
  expect(split(1, 1, 0.6)).toThrow('Task "glyphs/lao" has no train images');
  expect(split(10, 0, 0.5)).toThrow('Task "glyphs/lao" has no test images');
});

test("a share of validation images outside (0, 1) and a limit below 1 are refused", () => {
  for (const share of [0, 1, -0.2, 20, Number.NaN])
    expect(() => splitRows(BANGLA, share, rngFromSeed(0))).toThrow("The share of validation images");
  for (const limit of [0, -5, Number.NaN])
    expect(() => splitRows(BANGLA, 0.2, rngFromSeed(0), limit)).toThrow("The limit of images per split");
});

test("a sink puts the chosen rows in the chosen order into memory that threads share, and wants no others", () => {
  const [train, tested] = [sharedImages(2, 1, 2, 1), sharedImages(1, 1, 2, 1)];
  const sink = createSink(4, [
    { images: train, rows: Int32Array.of(2, 0) },
    { images: tested, rows: Int32Array.of(3) },
  ]);
  expect([0, 1, 2, 3].map((row) => sink.wants(row))).toEqual([true, false, true, true]);
  for (const row of [0, 2, 3]) sink.put(row, row + 5, Uint8Array.of(row * 10, row * 10 + 1));
  expect([...train.pixels]).toEqual([20, 21, 0, 1]);
  expect([...train.labels]).toEqual([7, 5]);
  expect([...tested.pixels, ...tested.labels]).toEqual([30, 31, 8]);
  expect(train.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
});
