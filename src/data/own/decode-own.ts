// Decodes a person's own images into shared memory, a few at a time, and names every bad one.

import { availableParallelism } from "node:os";
import { badImages, MulabError } from "../../core/errors/index.js";
import type { Images } from "../../core/task.js";
import { type DecodeOptions, decodeImage, decodeSmallImage, highestSample } from "../formats/decode-image.js";
import { resized, rgbBytes } from "../formats/pixels.js";
import { loadPlainJpeg } from "../formats/plain-jpeg.js";
import type { Example } from "./draw-splits.js";

/** The place in shared memory for a decoded image. */
export interface Place extends Example {
  readonly into: Images;
  readonly row: number;
}

const PROGRESS_EVERY = 64;

const MOST_LISTED = 20;

/** Decodes all images, a few at a time, and then throws if any were bad. Returns the significant bits of 16-bit samples. */
export async function decodePlaces(
  path: string,
  places: readonly Place[],
  onDone: (done: number) => void,
): Promise<number> {
  await loadPlainJpeg();
  const failures: { readonly at: number; readonly error: unknown }[] = [];
  const deep: number[] = [];
  let highest = 0;
  let done = 0;
  const each = async (
    indices: readonly number[],
    work: (place: Place, at: number) => void | Promise<void>,
  ) => {
    let next = 0;
    const lane = async () => {
      while (next < indices.length) {
        const at = indices[next++]!;
        try {
          const waiting = work(places[at]!, at);
          if (waiting) await waiting;
        } catch (error) {
          if (!(error instanceof MulabError)) throw error;
          failures.push({ at, error });
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  };
  await each([...places.keys()], (place, at) => {
    const counted = () => {
      done++;
      if (done % PROGRESS_EVERY === 0 || done === places.length) onDone(done);
    };
    const waiting = decodeInto(place, {}, (most) => {
      deep.push(at);
      highest = Math.max(highest, most);
    });
    return waiting ? waiting.then(counted) : counted();
  });
  throwFailures(path, failures, places.length);
  const bits = deep.length > 0 ? bitsOf(highest) : 16;
  if (bits < 16) await each(deep, (place) => decodeInto(place, { bits }, () => {}));
  throwFailures(path, failures, places.length);
  return bits;
}

/** Depths of cameras and scanners whose samples are stored in 16 bits. */
const DEPTHS = [10, 12, 14];

/** The smallest depth that holds the highest of all 16-bit samples; very few bits mean dark images rather than a small depth. */
const bitsOf = (highest: number): number =>
  DEPTHS.find((bits) => highest < 2 ** bits && highest >= 2 ** (bits - 2)) ?? 16;

/** Returns a promise only if the image is not decoded synchronously; most are small. */
function decodeInto(
  { image, label, into, row }: Place,
  options: DecodeOptions,
  onDeep: (highest: number) => void,
): Promise<void> | undefined {
  const { pixels: all, labels, height: size, channels } = into;
  const put = (pixels: Uint8Array) => {
    all.set(pixels, row * size * size * channels);
    labels[row] = label;
  };
  if (image.kind === "array") {
    const pixels = resized(image.pixels(), size);
    put(channels === 3 ? rgbBytes(pixels) : pixels.data);
    return undefined;
  }
  const bytes = image.read();
  const small = options.bits === undefined ? decodeSmallImage(bytes, image.where, size) : undefined;
  if (small) {
    put(small);
    return undefined;
  }
  return decodeSlowly(bytes, image.where, size, options, onDeep).then(put);
}

async function decodeSlowly(
  bytes: Uint8Array,
  where: string,
  size: number,
  options: DecodeOptions,
  onDeep: (highest: number) => void,
): Promise<Uint8Array> {
  const pixels = await decodeImage(bytes, where, size, { ...options, strict: true, alike: true });
  if (options.bits === undefined) {
    const highest = await highestSample(bytes, where);
    if (highest !== undefined) onDeep(highest);
  }
  return pixels;
}

/** Throws the error of a single bad image, or a list of several in the order of their paths. */
function throwFailures(
  path: string,
  failures: readonly { readonly at: number; readonly error: unknown }[],
  total: number,
): void {
  if (failures.length === 0) return;
  if (failures.length === 1) throw failures[0]!.error;
  const lines = failures
    .map(({ error }) => (error instanceof MulabError ? error.problem : String(error)).replace(/\.$/, ""))
    .sort();
  throw badImages(path, failures.length, total, lines.slice(0, MOST_LISTED));
}
