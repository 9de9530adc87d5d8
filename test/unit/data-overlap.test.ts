// Images on both sides of a split, counted.

import { expect, test } from "vitest";
import { overlapOf } from "../../src/data/overlap.js";
import { sharedImages } from "../../src/data/rows.js";

/** Images of two pixels each, with labels. */
function split(...rows: readonly (readonly [a: number, b: number, label: number])[]) {
  const images = sharedImages(rows.length, 1, 2, 1);
  rows.forEach(([a, b, label], i) => {
    images.pixels.set([a, b], i * 2);
    images.labels[i] = label;
  });
  return images;
}

test("every two splits are compared, pixel for pixel, and the labels of twins", async () => {
  const splits = {
    train: split([1, 2, 0], [3, 4, 1], [3, 4, 2], [9, 9, 0]),
    validation: split([3, 4, 2], [5, 6, 0]),
    test: split([1, 2, 1], [3, 4, 1], [5, 6, 0], [2, 1, 0]),
  };
  expect(await overlapOf({ splits })).toEqual([
    { split: "validation", total: 2, within: "train", images: 1, sameLabel: 1 },
    { split: "test", total: 4, within: "train", images: 2, sameLabel: 1 },
    { split: "test", total: 4, within: "validation", images: 2, sameLabel: 1 },
  ]);
});

test("nothing in common is nought", async () => {
  const splits = { train: split([1, 1, 0]), validation: split([2, 2, 0]), test: split([3, 3, 0]) };
  expect((await overlapOf({ splits })).map(({ images }) => images)).toEqual([0, 0, 0]);
});
