// Loads a person's own images in the decode worker: finds, splits, decodes and resizes them into shared memory, and keeps
// public ones decoded in the user's cache. The same files and seed give the same bytes, whatever the folder's name and the
// order of its directory.

import { tooManyFiles } from "../../core/errors/index.js";
import type { TaskName } from "../../core/model.js";
import { rngFromSeed } from "../../core/rng.js";
import type { Images, OwnImages, Split } from "../../core/task.js";
import { tooLarge } from "../memory.js";
import { fingerprint, sharedImages } from "../rows.js";
import { eachSplit, SPLITS } from "../splits.js";
import { decodePlaces, type Place } from "./decode-own.js";
import { drawSplits, type Example } from "./draw-splits.js";
import { findOwn } from "./find.js";
import { cacheOf } from "./own-cache.js";

/** What to load, as data to send to a worker. */
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

/** Does the job; `onDone` receives the number of decoded images and the total. Throws data/…. */
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
      `${name}: ${untested.length} ${are} ${have} too few images to be validated and tested (${named}${more}); the scores don't cover them.`,
    );
  }
  if (bits < 16)
    notes.push(
      `${name}: the 16-bit samples use only ${bits} bits, so the highest ${bits}-bit value is white.`,
    );
  return notes;
}

type Examples = Readonly<Record<Split, readonly Example[]>>;

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
  const cache = cacheOf({ path: job.images.path, limit: job.limit, cacheDir: job.cacheDir }, places, splits);
  const kept = cache?.read();
  if (kept) {
    onDone(places.length);
    return kept;
  }
  const bits = await decodePlaces(job.images.path, places, onDone);
  await cache?.write(bits);
  return { bits };
}
