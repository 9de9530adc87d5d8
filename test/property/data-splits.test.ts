// Laws of splitting and of batches, for all sizes and settings.

import fc from "fast-check";
import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { heldOut } from "../../src/data/catalog-entry.js";
import { prepareEvalBatch, prepareTrainBatch } from "../../src/data/preprocess.js";
import { sharedImages } from "../../src/data/rows.js";
import { splitRows } from "../../src/data/splits.js";

const seeds = fc.nat(2 ** 31);
const divided = (train: number, test: number) => ({
  name: "t",
  sets: { train: { count: train }, test: { count: test } },
  splits: heldOut("share"),
});

test("train and validation share no row and together are the published train set", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), seeds, (train, seed) => {
      const rows = splitRows(divided(train, 9), 0.5, rngFromSeed(seed));
      const all = [...rows.train.rows, ...rows.validation.rows].sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: train }, (_, i) => i));
      expect([...rows.test.rows].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }),
  );
});

test("a limited split is the beginning of the whole one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), seeds, (limit, seed) => {
      const split = (most?: number) => splitRows(divided(100, 40), 0.2, rngFromSeed(seed), most);
      const [whole, capped] = [split(), split(limit)];
      for (const name of ["train", "validation", "test"] as const)
        expect(capped[name].rows).toEqual(whole[name].rows.slice(0, limit));
    }),
  );
});

const settings = fc.record({
  crop: fc.boolean(),
  areaMin: fc.constantFrom(0.01, 0.05, 0.5, 1),
  aspectMin: fc.constantFrom(0.25, 0.75, 1),
  flip: fc.boolean(),
  brightness: fc.constantFrom(0, 0.2),
  contrast: fc.constantFrom(0, 0.2),
  saturation: fc.constantFrom(0, 0.2),
  hue: fc.constantFrom(0, 0.2),
  imageSize: fc.integer({ min: 1, max: 12 }),
});
const shapes = fc.record({
  height: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 12 }),
  channels: fc.constantFrom(1, 3),
});

test("every batch is in [-1, 1] and a function of its stream alone", () => {
  fc.assert(
    fc.property(shapes, settings, seeds, ({ height, width, channels }, preprocessing, seed) => {
      const images = sharedImages(4, height, width, channels);
      for (let i = 0; i < images.pixels.length; i++) images.pixels[i] = (i * i * 31 + seed) % 256;
      const batch = () => {
        const out = new Float32Array(3 * preprocessing.imageSize ** 2 * 3).fill(Number.NaN);
        prepareTrainBatch(images, Int32Array.of(3, 0, 3), preprocessing, rngFromSeed(seed), out);
        return out;
      };
      expect(batch().every((value) => value >= -1 && value <= 1)).toBe(true);
      expect(batch()).toEqual(batch());
    }),
    { numRuns: 300 },
  );
});

test("without augmentation a training image is what evaluation sees", () => {
  fc.assert(
    fc.property(
      shapes,
      fc.integer({ min: 1, max: 12 }),
      seeds,
      ({ height, width, channels }, imageSize, seed) => {
        const images = sharedImages(2, height, width, channels);
        for (let i = 0; i < images.pixels.length; i++) images.pixels[i] = (i * 97 + seed) % 256;
        const plain = { crop: false, areaMin: 0.05, aspectMin: 0.75, flip: false, imageSize };
        const colors = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
        const [train, evaluated] = [0, 0].map(() => new Float32Array(2 * imageSize ** 2 * 3)) as [
          Float32Array,
          Float32Array,
        ];
        prepareTrainBatch(images, Int32Array.of(0, 1), { ...plain, ...colors }, rngFromSeed(seed), train);
        prepareEvalBatch(images, 0, 2, imageSize, evaluated);
        expect(train).toEqual(evaluated);
      },
    ),
  );
});
