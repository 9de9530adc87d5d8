// Bytes to batches: the pipeline of method.md §e.3 with numbers worked out by hand.

import { expect, test } from "vitest";
import type { Preprocessing } from "../../src/core/hyperparams.js";
import { type Rng, rngFromSeed } from "../../src/core/rng.js";
import type { Images } from "../../src/core/task.js";
import { prepareEvalBatch, prepareTrainBatch } from "../../src/data/preprocess.js";
import { sharedImages } from "../../src/data/rows.js";

const plain = (imageSize: number): Preprocessing => ({
  crop: false,
  areaMin: 0.05,
  aspectMin: 0.75,
  flip: false,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  hue: 0,
  imageSize,
});

function imagesOf(height: number, width: number, channels: number, ...bytes: number[][]): Images {
  const images = sharedImages(bytes.length, height, width, channels);
  for (const [i, image] of bytes.entries()) images.pixels.set(image, i * height * width * channels);
  return images;
}

/** A stream that gives these draws, in this order. */
function scripted(...draws: number[]): Rng {
  const unexpected = () => {
    throw new Error("a draw that the test did not expect");
  };
  const uniform = () => draws.shift() ?? unexpected();
  return {
    uniform,
    int: unexpected,
    normal: unexpected,
    shuffle: unexpected,
    child: unexpected,
    key: [0, 0],
  };
}

function evaluated(images: Images, size: number): Float32Array {
  const out = new Float32Array(images.count * size * size * 3);
  prepareEvalBatch(images, 0, images.count, size, out);
  return out;
}

function trained(images: Images, preprocessing: Preprocessing, rng: Rng): Float32Array {
  const { imageSize } = preprocessing;
  const out = new Float32Array(images.count * imageSize * imageSize * 3);
  prepareTrainBatch(
    images,
    Int32Array.from({ length: images.count }, (_, i) => i),
    preprocessing,
    rng,
    out,
  );
  return out;
}

/** Every third value: the red plane. */
const red = (out: Float32Array): number[] => [...out].filter((_, i) => i % 3 === 0);

test("bytes 0, 51 and 255 become -1, -0.6 and 1 in three equal channels", () => {
  const out = evaluated(imagesOf(1, 1, 1, [0], [51], [255]), 1);
  expect([...out]).toEqual([-1, -1, -1, ...new Float32Array(3).fill(-0.6), 1, 1, 1]);
});

test("a 2 × 2 image grows to 4 × 4 with half-pixel centres: quarters inside, the edge repeated outside", () => {
  const out = evaluated(imagesOf(2, 2, 1, [0, 255, 255, 255]), 4);
  // Columns lie at -¼, ¼, ¾ and 1¼ of the input: -1, -½, ½, 1 along the first row, 1 along the second.
  expect(red(out)).toEqual(
    [
      [-1, -0.5, 0.5, 1],
      [-0.5, -0.125, 0.625, 1],
      [0.5, 0.625, 0.875, 1],
      [1, 1, 1, 1],
    ].flat(),
  );
});

test("an 8 × 8 image shrinks to 2 × 2 from the two middle columns of each half alone: no antialias", () => {
  const row = [255, 0, 51, 255, 255, 102, 204, 255];
  const out = evaluated(imagesOf(8, 8, 1, Array(8).fill(row).flat()), 2);
  const [left, right] = [(0 + 51) / 2 / 127.5 - 1, (102 + 204) / 2 / 127.5 - 1];
  for (const [i, expected] of [left, right, left, right].entries())
    expect(red(out)[i]).toBeCloseTo(expected, 6);
});

test("a square image of the wanted size is not changed by the resize", () => {
  const bytes = Array.from({ length: 5 * 5 * 3 }, (_, i) => (i * 37) % 256);
  expect([...evaluated(imagesOf(5, 5, 3, bytes), 5)]).toEqual(
    bytes.map((byte) => Math.fround(byte / 127.5 - 1)),
  );
});

test("a draw below a half mirrors the image left to right, one above leaves it", () => {
  const images = imagesOf(2, 3, 1, [0, 51, 102, 153, 204, 255]);
  const flipped = trained(images, { ...plain(3), flip: true }, scripted(0.49));
  const left = trained(images, { ...plain(3), flip: true }, scripted(0.5));
  const width = 3;
  const mirrored = red(left).map((_, i) => red(left)[i - (i % width) + (width - 1 - (i % width))]);
  expect(red(flipped)).toEqual(mirrored);
  expect(red(left)).toEqual(red(evaluated(images, 3)));
});

test("a crop is cut out and resized to the whole size", () => {
  // Aspect 1 (one draw), height 2 of the range 2…4 (int 0), then y = 1 and x = 0 of 4 - 2 = 2 offsets each.
  const ints = [0, 1, 0];
  const rng: Rng = { ...scripted(0.5), int: () => ints.shift()! };
  const bytes = Array.from({ length: 16 }, (_, i) => i * 10);
  const out = trained(
    imagesOf(4, 4, 1, bytes),
    { ...plain(2), crop: true, areaMin: 0.25, aspectMin: 1 },
    rng,
  );
  expect(red(out)).toEqual([40, 50, 80, 90].map((byte) => Math.fround(byte / 127.5 - 1)));
});

test("brightness adds its draw to every value, and the sum is clipped to [-1, 1]", () => {
  const images = imagesOf(1, 3, 1, [0, 51, 255]);
  const out = trained({ ...images }, { ...plain(1), brightness: 0.2 }, scripted(0.75)); // -0.2 + 0.75 · 0.4
  expect(out[0]).toBeCloseTo(-0.6 + 0.1, 6);
  const wide = trained(imagesOf(1, 1, 1, [255]), { ...plain(1), brightness: 0.2 }, scripted(0.75));
  expect([...wide]).toEqual([1, 1, 1]);
});

test("contrast stretches each channel from its own mean", () => {
  // Red -1 and 0.6 (mean -0.2), green 0.2 twice, blue 1 and -1 (mean 0), times 1.1 (draw 0.75 of 0.8…1.2).
  const images = imagesOf(2, 1, 3, [0, 153, 255, 204, 153, 0]);
  const out = trained(images, { ...plain(2), contrast: 0.2 }, scripted(0.75));
  const [top, bottom] = [out.subarray(0, 3), out.subarray(6, 9)];
  for (const [i, value] of [-1, 0.2, 1].entries()) expect(top[i]).toBeCloseTo(value, 6); // -1.08 and 1.1 clipped
  for (const [i, value] of [0.68, 0.2, -1].entries()) expect(bottom[i]).toBeCloseTo(value, 6);
});

test("three equal channels give the same bits as one, whatever the augmentation", () => {
  const all: Preprocessing = {
    ...plain(7),
    crop: true,
    flip: true,
    brightness: 0.2,
    contrast: 0.2,
    saturation: 0.2,
    hue: 0.2,
  };
  const bytes = Array.from({ length: 20 }, (_, n) =>
    Array.from({ length: 81 }, (_, i) => (i * i * 7 + n * 31) % 256),
  );
  const one = trained(imagesOf(9, 9, 1, ...bytes), all, rngFromSeed(5));
  const three = trained(
    imagesOf(9, 9, 3, ...bytes.map((image) => image.flatMap((b) => [b, b, b]))),
    all,
    rngFromSeed(5),
  );
  expect(three).toEqual(one);
});

test("one coloured pixel changes no bit of the grey ones around it", () => {
  const grey = Array.from({ length: 16 }, (_, i) => [i * 16, i * 16, i * 16]).flat();
  const touched = [...grey];
  touched[3 * 15 + 2] = 1;
  const settings = { ...plain(4), flip: true, brightness: 0.1, saturation: 0.2, hue: 0.2 };
  const before = trained(imagesOf(4, 4, 3, grey), settings, scripted(0.9, 0.3, 0.8, 0.6));
  const after = trained(imagesOf(4, 4, 3, touched), settings, scripted(0.9, 0.3, 0.8, 0.6));
  expect(after.subarray(0, 45)).toEqual(before.subarray(0, 45));
  expect(after.subarray(45)).not.toEqual(before.subarray(45));
});

test("an evaluation batch begins at the image it is asked to", () => {
  const images = imagesOf(1, 1, 1, [0], [51], [102], [255]);
  const out = new Float32Array(6);
  prepareEvalBatch(images, 2, 2, 1, out);
  expect([...out]).toEqual([...new Float32Array(3).fill(-0.2), 1, 1, 1]);
});

test("a batch that does not fit, an image that is not there and two channels are refused", () => {
  const images = imagesOf(1, 1, 1, [0]);
  expect(() => prepareEvalBatch(images, 0, 1, 2, new Float32Array(11))).toThrow(RangeError);
  expect(() => prepareEvalBatch(images, 1, 1, 1, new Float32Array(3))).toThrow(RangeError);
  expect(() => prepareEvalBatch(imagesOf(1, 1, 2, [0, 0]), 0, 1, 1, new Float32Array(3))).toThrow(RangeError);
});
