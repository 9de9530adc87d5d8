// Prints of a set of images recognize the same images under another name, in other splits or as a part of another task,
// without storing anything that shows them. A print is a hash of an image's pixels, and a set keeps the smallest of its
// prints, so that two sets with the same images keep the same ones.

import { hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Images, Split } from "../core/task.js";

/** Prints kept per set: a fiftieth of its images contains one of them with a probability of 99 %. */
const KEPT = 256;
/** Hexadecimal digits of a print: two different images share one with a probability of 2^-64. */
const DIGITS = 16;
const BETWEEN_PAUSES = 512; // images; some 10 ms of hashing, then other work may run

/** The prints of a task's images, ascending. */
export async function printsOf(splits: Readonly<Record<Split, Images>>): Promise<readonly string[]> {
  return (await allPrints(splits)).sort().slice(0, KEPT);
}

/** Whether the task has one of the images whose prints are `known`. */
export async function hasImageOf(
  splits: Readonly<Record<Split, Images>>,
  known: readonly string[],
): Promise<boolean> {
  const wanted = new Set(known);
  return (await allPrints(splits)).some((print) => wanted.has(print));
}

async function allPrints(splits: Readonly<Record<Split, Images>>): Promise<string[]> {
  const prints = new Set<string>();
  for (const { pixels, count, height, width, channels } of Object.values(splits)) {
    const size = height * width * channels;
    for (let i = 0; i < count; i++) {
      const image = greyIfGrey(pixels.subarray(i * size, (i + 1) * size), channels);
      if (!isBlank(image)) prints.add(hash("sha256", image).slice(0, DIGITS));
      if (i % BETWEEN_PAUSES === 0) await setImmediate();
    }
  }
  return [...prints];
}

/** A blank image gives no clue to its origin. */
const isBlank = (image: Uint8Array): boolean => image.every((value) => value === image[0]);

/** One channel of an image with equal channels, because grey files may be read with one or three channels. */
function greyIfGrey(image: Uint8Array, channels: number): Uint8Array {
  if (channels === 1) return image;
  const grey = new Uint8Array(image.length / channels);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = image[i * channels]!;
    for (let c = 1; c < channels; c++) if (image[i * channels + c] !== grey[i]) return image;
  }
  return grey;
}
