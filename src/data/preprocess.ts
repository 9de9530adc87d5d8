// Turns bytes into a model's input: [batch, size, size, 3] float32 in [-1, 1]. Training images are randomly cropped, flipped
// and recoloured, in the published order; validation and test images are only resized. Pure and synchronous, for the batch
// worker; it runs beside training, so it allocates scratch memory once per batch and nothing per image. method.md §e.3.

import type { Preprocessing } from "../core/hyperparams.js";
import type { Rng } from "../core/rng.js";
import type { Images } from "../core/task.js";
import { addBrightness, clip, scaleContrast, scaleSaturation, shiftHue } from "./color.js";
import { type Box, sampleCrop } from "./crop.js";

/** x / 127.5 - 1 for every byte. */
const NORMALIZED = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

/**
 * Writes the images at `indices` as [indices.length, S, S, 3] in [-1, 1] to `out`, S = preprocessing.imageSize.
 * All draws come from `rng`, image after image in the order of the steps, so a batch is a function of its stream.
 */
export function prepareTrainBatch(
  images: Images,
  indices: Int32Array,
  preprocessing: Preprocessing,
  rng: Rng,
  out: Float32Array,
): void {
  const { crop, areaMin, aspectMin, flip, brightness, contrast, imageSize } = preprocessing;
  const { width, height } = images;
  const scratch = scratchFor(images, imageSize, indices.length, out);
  const { box } = scratch;
  for (let i = 0; i < indices.length; i++) {
    if (crop && areaMin < 1) sampleCrop(width, height, areaMin, aspectMin, rng, box);
    const mirrored = flip && rng.uniform() < 0.5;
    const planes = unpack(images, indices[i]!, mirrored, scratch);
    changeColors(scratch, planes, preprocessing, rng);
    resize(scratch, planes, imageSize, out, i * imageSize * imageSize * 3);
  }
  // Interpolation never leaves the range, so clipping is needed only after changes of brightness or contrast.
  if (brightness > 0 || contrast > 0) clip(out, indices.length * imageSize * imageSize * 3);
}

/** Writes images start … start + count - 1 as [count, S, S, 3] in [-1, 1] to `out`: resized, nothing random. */
export function prepareEvalBatch(
  images: Images,
  start: number,
  count: number,
  imageSize: number,
  out: Float32Array,
): void {
  const scratch = scratchFor(images, imageSize, count, out);
  for (let i = 0; i < count; i++) {
    const planes = unpack(images, start + i, false, scratch);
    resize(scratch, planes, imageSize, out, i * imageSize * imageSize * 3);
  }
}

interface Scratch {
  /** The part of the image in use. */
  readonly box: Box;
  /** The box's values, one plane per channel, in rows of box.width. */
  readonly planes: readonly [Float32Array, Float32Array, Float32Array];
  readonly across: Taps;
  readonly down: Taps;
  /** One row between two rows of a plane. */
  readonly row: Float64Array;
}

/** Bilinear taps of one axis: output i mixes inputs low[i] and high[i], with `weight[i]` on the latter. */
interface Taps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float64Array;
}

function scratchFor(images: Images, imageSize: number, count: number, out: Float32Array): Scratch {
  const { width, height, channels } = images;
  if (channels !== 1 && channels !== 3) throw new RangeError(`images have ${channels} channels, not 1 or 3`);
  if (out.length < count * imageSize * imageSize * 3)
    throw new RangeError(`out holds ${out.length} values, too few for ${count} images of ${imageSize} px`);
  const plane = () => new Float32Array(width * height);
  const taps = (): Taps => ({
    low: new Int32Array(imageSize),
    high: new Int32Array(imageSize),
    weight: new Float64Array(imageSize),
  });
  return {
    box: { x: 0, y: 0, width, height },
    planes: [plane(), plane(), plane()],
    across: taps(),
    down: taps(),
    row: new Float64Array(width),
  };
}

/** Copies the box of one image into the planes, normalised and mirrored; returns the number of planes in use (1 if every pixel is grey). */
function unpack(images: Images, index: number, mirrored: boolean, scratch: Scratch): 1 | 3 {
  const { pixels, width, height, channels, count } = images;
  if (!(index >= 0 && index < count)) throw new RangeError(`image ${index} of ${count}`);
  const { box } = scratch;
  const [red, green, blue] = scratch.planes;
  const step = mirrored ? -channels : channels;
  let colors = 0;
  for (let pass = 0; pass < 2; pass++) {
    let to = 0;
    for (let y = 0; y < box.height; y++) {
      const left = ((index * height + box.y + y) * width + box.x) * channels;
      let from = mirrored ? left + (box.width - 1) * channels : left;
      if (pass === 1) {
        for (let x = 0; x < box.width; x++, from += step, to++) {
          green[to] = NORMALIZED[pixels[from + 1]!]!;
          blue[to] = NORMALIZED[pixels[from + 2]!]!;
        }
      } else if (channels === 1) {
        for (let x = 0; x < box.width; x++, from += step, to++) red[to] = NORMALIZED[pixels[from]!]!;
      } else {
        for (let x = 0; x < box.width; x++, from += step, to++) {
          const byte = pixels[from]!;
          colors |= (byte ^ pixels[from + 1]!) | (byte ^ pixels[from + 2]!);
          red[to] = NORMALIZED[byte]!;
        }
      }
    }
    // Three equal channels need one plane: every later step treats them alike.
    if (colors === 0) return 1;
  }
  return 3;
}

function changeColors(scratch: Scratch, planes: 1 | 3, preprocessing: Preprocessing, rng: Rng): void {
  const { brightness, contrast, saturation, hue } = preprocessing;
  const count = scratch.box.width * scratch.box.height;
  if (brightness > 0) {
    const delta = between(-brightness, brightness, rng);
    for (let p = 0; p < planes; p++) addBrightness(scratch.planes[p]!, count, delta);
  }
  if (contrast > 0) {
    const factor = between(1 - contrast, 1 + contrast, rng);
    for (let p = 0; p < planes; p++) scaleContrast(scratch.planes[p]!, count, factor);
  }
  if (saturation > 0 || hue > 0) {
    for (let p = 0; p < planes; p++) clip(scratch.planes[p]!, count);
    const [red, green, blue] = scratch.planes;
    const factor = saturation > 0 ? between(1 - saturation, 1 + saturation, rng) : 1;
    const turns = hue > 0 ? between(-hue, hue, rng) : 0;
    if (planes === 3 && saturation > 0) scaleSaturation(red, green, blue, count, factor);
    if (planes === 3 && hue > 0) shiftHue(red, green, blue, count, turns);
  }
}

const between = (low: number, high: number, rng: Rng): number => low + rng.uniform() * (high - low);

/** Resizes the planes to S × S, bilinear with half-pixel centres and no antialias, and writes pixels of 3 channels at `offset`. */
function resize(scratch: Scratch, planes: 1 | 3, size: number, out: Float32Array, offset: number): void {
  const { box, across, down, row } = scratch;
  fillTaps(across, box.width, size);
  fillTaps(down, box.height, size);
  for (let p = 0; p < planes; p++) {
    let to = offset + p;
    for (let y = 0; y < size; y++) {
      mixRows(scratch.planes[p]!, down, y, box.width, row);
      if (planes === 1) writeGrey(row, across, out, to);
      else writeChannel(row, across, out, to);
      to += size * 3;
    }
  }
}

/** Mixes the two input rows on either side of output row `y`. */
function mixRows(plane: Float32Array, down: Taps, y: number, width: number, row: Float64Array): void {
  const top = down.low[y]! * width;
  const bottom = down.high[y]! * width;
  const share = down.weight[y]!;
  for (let x = 0; x < width; x++) {
    const above = plane[top + x]!;
    row[x] = above + (plane[bottom + x]! - above) * share;
  }
}

function writeGrey(row: Float64Array, { low, high, weight }: Taps, out: Float32Array, offset: number): void {
  for (let x = 0, to = offset; x < low.length; x++, to += 3) {
    const left = row[low[x]!]!;
    const value = left + (row[high[x]!]! - left) * weight[x]!;
    out[to] = value;
    out[to + 1] = value;
    out[to + 2] = value;
  }
}

function writeChannel(
  row: Float64Array,
  { low, high, weight }: Taps,
  out: Float32Array,
  offset: number,
): void {
  for (let x = 0, to = offset; x < low.length; x++, to += 3) {
    const left = row[low[x]!]!;
    out[to] = left + (row[high[x]!]! - left) * weight[x]!;
  }
}

/** Output i of `size` samples input (i + ½) · from / size - ½, clamped to the image. */
function fillTaps({ low, high, weight }: Taps, from: number, size: number): void {
  const scale = from / size;
  for (let i = 0; i < size; i++) {
    const at = (i + 0.5) * scale - 0.5;
    const floor = Math.floor(at);
    low[i] = Math.max(floor, 0);
    high[i] = Math.min(floor + 1, from - 1);
    weight[i] = at - floor;
  }
}
