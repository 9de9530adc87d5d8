// A person's own images in one go, as the decode worker does it: found, split, decoded and resized into shared memory, and
// kept decoded in the user's cache where they are public. The same files and seed give the same bytes, whatever the folder
// is called and in whatever order its directory lists them.

import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { badImages, MulabError, tooManyFiles } from "../../core/errors.js";
import type { TaskName } from "../../core/model.js";
import { rngFromSeed } from "../../core/rng.js";
import type { Images, OwnImages, Split } from "../../core/task.js";
import { decodedPath, readDecoded, removeOtherVersions, writeDecoded } from "../decoded-cache.js";
import { type DecodeOptions, decodeImage, decodeSmallImage, highestSample } from "../formats/decode-image.js";
import { resized, rgbBytes } from "../formats/pixels.js";
import { loadPlainJpeg } from "../formats/plain-jpeg.js";
import { tooLarge } from "../memory.js";
import { fingerprint, sharedImages } from "../rows.js";
import { createSink, type Part } from "../sink.js";
import type { Expected } from "../source-file.js";
import { eachSplit, SPLITS } from "../splits.js";
import { drawSplits, type Example } from "./draw-splits.js";
import { findOwn } from "./find.js";

/** What is to be loaded, as data: it is sent to a worker. */
export interface OwnJob {
  readonly kind: "own";
  readonly name: TaskName;
  readonly images: OwnImages;
  /** Most images of a split. */
  readonly limit?: number | undefined;
  /** Most bytes of all decoded images. */
  readonly mostBytes: number;
  /** Where decoded images are kept; private ones never are. */
  readonly cacheDir: string | undefined;
}

export interface OwnLoaded {
  readonly classNames: readonly string[];
  readonly splits: Readonly<Record<Split, Images>>;
  readonly fingerprint: string;
  readonly source: string;
  /** For people: what they should know before they rely on the task. */
  readonly notes: readonly string[];
}

export const OWN_DEFAULTS = {
  imageSize: 32,
  validation: 0.2,
  test: 0.2,
  seed: 0,
  followLinks: false,
} as const;

/** Fewer images are decoded again sooner than they are found in the cache. */
const LEAST_KEPT = 512;

/** Loads what the job says; `onDone` receives how many images are decoded, and of how many. Throws data/…. */
export async function loadOwn(
  job: OwnJob,
  onDone: (done: number, total: number) => void,
): Promise<OwnLoaded> {
  const { images, limit = Number.POSITIVE_INFINITY, mostBytes, name } = job;
  const { path } = images;
  const { validation, test, seed, followLinks } = { ...OWN_DEFAULTS, ...images };
  const { listed, close } = await findOwn(path, followLinks, mostBytes);
  try {
    const drawn = drawSplits(path, listed, { validation, test }, rngFromSeed(seed).child("data/folder"));
    const examples = eachSplit((split) => drawn.examples[split].slice(0, limit));
    const { native } = listed;
    const size = images.imageSize ?? native?.side ?? OWN_DEFAULTS.imageSize;
    const channels = native?.channels ?? 3;
    const counts = eachSplit((split) => examples[split].length);
    const total = SPLITS.reduce((sum, split) => sum + counts[split], 0);
    const large = tooLarge(counts, size ** 2 * channels, mostBytes);
    if (large) throw tooManyFiles(path, total, large.bytes, mostBytes);

    const splits = eachSplit((split) => sharedImages(counts[split], size, size, channels));
    const { bits } = await decodeAll(job, examples, splits, (done) => onDone(done, total));
    const { classNames, ignored, kind } = listed;
    const untested = drawn.untested.length;
    const source = [
      kind,
      ...(ignored > 0 ? [`${ignored} other ${ignored === 1 ? "file" : "files"} ignored`] : []),
      ...(bits < 16 ? [`samples of 16 bits hold ${bits}`] : []),
      ...(untested > 0 ? [`${untested} of ${classNames.length} classes too small to be tested`] : []),
    ].join(", ");
    return {
      classNames,
      splits,
      fingerprint: fingerprint(splits),
      source,
      notes: notesOf(name, drawn.untested, bits),
    };
  } finally {
    close();
  }
}

const MOST_NAMED = 10;

function notesOf(name: TaskName, untested: readonly string[], bits: number): string[] {
  const notes: string[] = [];
  if (untested.length > 0) {
    const named = untested.slice(0, MOST_NAMED).join(", ");
    const more = untested.length > MOST_NAMED ? ` and ${untested.length - MOST_NAMED} more` : "";
    const [are, have] = untested.length === 1 ? ["class", "has"] : ["classes", "have"];
    notes.push(
      `${name}: ${untested.length} ${are} ${have} too few images to be validated and tested (${named}${more}); the scores say nothing about them.`,
    );
  }
  if (bits < 16)
    notes.push(
      `${name}: the highest of all 16-bit samples fits into ${bits} bits, so that is taken for white.`,
    );
  return notes;
}

type Examples = Readonly<Record<Split, readonly Example[]>>;

/** A place in shared memory that an image is decoded into. */
interface Place extends Example {
  readonly into: Images;
  readonly row: number;
}

/** Fills the splits, from the cache where it has them. */
async function decodeAll(
  job: OwnJob,
  examples: Examples,
  splits: Readonly<Record<Split, Images>>,
  onDone: (done: number) => void,
): Promise<{ readonly bits: number }> {
  const places = SPLITS.flatMap((split) =>
    examples[split].map((example, row): Place => ({ ...example, into: splits[split], row })),
  );
  const cache = cacheOf(job, places, splits);
  const kept = cache?.read();
  if (kept) {
    onDone(places.length);
    return kept;
  }
  const bits = await decodePlaces(job.images.path, places, onDone);
  await cache?.write(bits);
  return { bits };
}

// ---- decoding

const PROGRESS_EVERY = 64;
const MOST_LISTED = 20;

/** Decodes a few at a time, all of them, and throws what was wrong with the bad ones. Gives the bits that 16-bit samples really have. */
async function decodePlaces(
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

/** The smallest depth that holds the highest of all 16-bit samples. Few bits are a dark image rather than a shallow one. */
const bitsOf = (highest: number): number =>
  DEPTHS.find((bits) => highest < 2 ** bits && highest >= 2 ** (bits - 2)) ?? 16;

/** A promise only where the image is not decoded at once: most are small. */
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

/** One bad image is reported as such, several as a list in the order of their paths. */
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

// ---- the cache

/** Where these images are kept decoded; undefined where they are too few, or too small a part of all, or no files. */
function cacheOf(
  { cacheDir, images: { path }, limit }: OwnJob,
  places: readonly Place[],
  splits: Readonly<Record<Split, Images>>,
) {
  if (cacheDir === undefined) return undefined;
  const files = places.flatMap(({ image }) => (image.kind === "file" ? [image] : []));
  if (files.length < LEAST_KEPT || files.length < places.length) return undefined;
  const { height, width, channels } = splits.train;
  const shape = [height, width, channels];
  const identity = identityOf(places, splits);
  const file = decodedPath(cacheDir, ["own", identity, ...shape], ownPrefix([path, limit, ...shape]));
  const expected: Expected = {
    count: places.length + 1, // the last row is the number of bits
    classes: 2 ** 31 - 1,
    height,
    width,
    channels,
  };
  const parts: Part[] = [];
  let first = 0;
  for (const split of SPLITS) {
    const images = splits[split];
    const from = first;
    parts.push({ images, rows: Int32Array.from({ length: images.count }, (_, i) => from + i) });
    first += images.count;
  }
  const size = height * width * channels;
  return {
    read(): { readonly bits: number } | undefined {
      let bits = 0;
      const sink = createSink(expected.count, parts);
      const withBits = {
        wants: () => true,
        put: (row: number, label: number, pixels: Uint8Array) => {
          if (row === places.length) bits = label;
          else sink.put(row, label, pixels);
        },
      };
      return readDecoded(file, expected, withBits) && bits > 0 ? { bits } : undefined;
    },
    async write(bits: number): Promise<void> {
      await removeOtherVersions(file);
      const writer = await writeDecoded(file, expected);
      if (!writer) return;
      try {
        for (const { into, row, label } of places)
          writer.add(label, into.pixels.subarray(row * size, (row + 1) * size));
        writer.add(bits, new Uint8Array(size));
        writer.finish();
      } finally {
        writer.abandon();
      }
    },
  };
}

/** Changes with any file's name, label, place in the splits, or bytes. */
function identityOf(places: readonly Place[], splits: Readonly<Record<Split, Images>>): string {
  const hash = createHash("sha256").update(SPLITS.map((split) => splits[split].count).join());
  for (const { image, label } of places)
    hash.update(`${image.where}\0${label} ${image.kind === "file" ? image.stamp() : ""}\n`);
  return hash.digest("hex");
}

/** The same for every version of the images at a path, so that an old one makes room for the new. */
const ownPrefix = (of: readonly unknown[]): string =>
  `own-${createHash("sha256").update(JSON.stringify(of)).digest("hex").slice(0, 16)}-`;
