// A folder of images per class becomes a task: listed, split by seed where the folder gives no splits, decoded and
// resized once into shared memory. The same files and seed give the same bytes, whatever the folder is called and
// in whatever order its directory lists them.

import { availableParallelism } from "node:os";
import { basename, resolve } from "node:path";
import { tooFewImages, tooManyFiles, valueNotValid } from "../core/errors.js";
import type { Access, TaskName } from "../core/model.js";
import { type Rng, rngFromSeed } from "../core/rng.js";
import type { Images, Split, Task } from "../core/task.js";
import { CATALOG } from "./catalog/catalog.js";
import { decodeImage, readImageFile } from "./formats/decode-image.js";
import { type ImageFolder, listImageFolder } from "./formats/image-folder.js";
import { mostTaskBytes, tooLarge } from "./memory.js";
import { fingerprint, sharedImages } from "./rows.js";
import { eachSplit } from "./splits.js";

export interface FolderTaskOptions {
  /** By default "mine/" and the folder's name. */
  readonly name?: TaskName | undefined;
  readonly access: Access;
  /** Width and height in pixels that every image is stretched to; 32 by default. */
  readonly imageSize?: number | undefined;
  /** Share of each class's images that validates, 0.2 by default; unused where the folder gives validation images. */
  readonly validation?: number | undefined;
  /** Share of each class's images that tests, 0.2 by default; unused where the folder gives test images. */
  readonly test?: number | undefined;
  /** Decides which images train, validate and test, and their order; 0 by default. */
  readonly seed?: number | undefined;
  readonly onProgress?: ((progress: FolderProgress) => void) | undefined;
}

export interface FolderProgress {
  readonly task: TaskName;
  readonly doing: "decoding";
  /** Images so far and in all. */
  readonly done: number;
  readonly total: number;
}

/** A task whose classes have names: label i is classNames[i]. */
export interface FolderTask extends Task {
  readonly classNames: readonly string[];
}

const LARGEST_SIZE = 1024;
const PROGRESS_EVERY = 64;

/**
 * Loads `<folder>/<class>/*.png|jpg|jpeg|webp`, or the same below train, validation (val, valid) and test; what of
 * these is not there is drawn from the training images, every class alike. An image that can't be decoded is an
 * error that names it: nothing is left out in silence but links, hidden and other files, which `source` counts.
 */
export async function folderTask(folder: string, options: FolderTaskOptions): Promise<FolderTask> {
  const { access, imageSize = 32, validation = 0.2, test = 0.2, seed = 0 } = options;
  const path = resolve(folder);
  const name = options.name ?? `mine/${basename(path)}`;
  checkOptions(name, imageSize, validation, test, seed);
  const listed = await listImageFolder(path);
  const examples = drawSplits(path, listed, { validation, test }, rngFromSeed(seed).child("data/folder"));

  const total = examples.train.length + examples.validation.length + examples.test.length;
  const most = mostTaskBytes();
  const counts = eachSplit((split) => examples[split].length);
  const large = tooLarge(counts, imageSize ** 2 * 3, most);
  if (large) throw tooManyFiles(path, total, large.bytes, most);
  const places = placesOf(examples, imageSize);
  let done = 0;
  await decodeAll(places.jobs, imageSize, () => {
    done++;
    if (done % PROGRESS_EVERY === 0 || done === total)
      options.onProgress?.({ task: name, doing: "decoding", done, total });
  });
  const { classNames, ignored } = listed;
  const files = ignored === 1 ? "file" : "files";
  return {
    name,
    access,
    classes: classNames.length,
    classNames,
    splits: places.splits,
    fingerprint: fingerprint(places.splits),
    source: ignored > 0 ? `folder of images, ${ignored} other ${files} ignored` : "folder of images",
  };
}

function checkOptions(name: string, imageSize: number, validation: number, test: number, seed: number): void {
  if (name.trim() === "" || CATALOG.some((task) => task.name === name))
    throw valueNotValid("The name of the task", name, "a name of its own, not that of a catalog task");
  if (!Number.isInteger(imageSize) || imageSize < 1 || imageSize > LARGEST_SIZE)
    throw valueNotValid("imageSize", imageSize, `a whole number of pixels in 1…${LARGEST_SIZE}`);
  for (const [what, share] of Object.entries({ validation, test }))
    if (!(share > 0 && share < 1))
      throw valueNotValid(`The share of ${what} images`, share, "between 0 and 1, both excluded");
  if (validation + test >= 1)
    throw valueNotValid("The share of validation and test images together", validation + test, "below 1");
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw valueNotValid("The seed", seed, "a whole number, 0 or above");
}

interface Example {
  readonly path: string;
  readonly label: number;
}

type Examples = Readonly<Record<Split, readonly Example[]>>;
type Held = Exclude<Split, "train">;

/** The given splits, and the missing ones drawn from train class by class: at least one image of a class in each where it has enough of them, else all of it trains. */
export function drawSplits(
  folder: string,
  { classNames, splits }: ImageFolder,
  shares: Readonly<Record<Held, number>>,
  rng: Rng,
): Examples {
  const missing = (["validation", "test"] as const).filter((split) => !splits[split]);
  const examples: Record<Split, Example[]> = { train: [], validation: [], test: [] };
  const add = (split: Split, paths: readonly string[], label: number) => {
    for (const path of paths) examples[split].push({ path, label });
  };
  classNames.forEach((className, label) => {
    // A class's draw depends on its own images only: another class may grow without moving these.
    let pool = rng.child(`class/${className}`).shuffle(splits.train[label]!);
    const counts = heldCounts(
      pool.length,
      missing.map((split) => shares[split]),
    );
    missing.forEach((split, i) => {
      add(split, pool.slice(0, counts[i]), label);
      pool = pool.slice(counts[i]);
    });
    add("train", pool, label);
    for (const split of ["validation", "test"] as const) add(split, splits[split]?.[label] ?? [], label);
  });
  const empty = missing.find((split) => examples[split].length === 0);
  if (empty) {
    const largest = Math.max(...splits.train.map((files) => files.length));
    throw tooFewImages(folder, empty, largest, missing.length + 1);
  }
  const mixed = (split: Split) => rng.child(split).shuffle(examples[split]);
  return { train: mixed("train"), validation: mixed("validation"), test: mixed("test") };
}

/** How many of `count` images each share takes: rounded, at least one, and at least one is left; none of too few. */
function heldCounts(count: number, shares: readonly number[]): number[] {
  if (count < shares.length + 1) return shares.map(() => 0);
  const counts = shares.map((share) => Math.max(1, Math.round(count * share)));
  while (counts.reduce((sum, held) => sum + held, 0) >= count)
    counts[counts.indexOf(Math.max(...counts))]! -= 1;
  return counts;
}

interface Job extends Example {
  readonly images: Images;
  readonly row: number;
}

/** Room for every split in shared memory, and what has to be decoded into it. */
function placesOf(examples: Examples, size: number): { splits: Task["splits"]; jobs: Job[] } {
  const jobs: Job[] = [];
  const room = (split: Split): Images => {
    const images = sharedImages(examples[split].length, size, size, 3);
    examples[split].forEach((example, row) => {
      jobs.push({ ...example, images, row });
    });
    return images;
  };
  return { splits: { train: room("train"), validation: room("validation"), test: room("test") }, jobs };
}

/** Decodes a few at a time. Of several bad images the first in order is told, however the decoders raced. */
async function decodeAll(jobs: readonly Job[], size: number, onDone: () => void): Promise<void> {
  let next = 0;
  const failures: { readonly at: number; readonly error: unknown }[] = [];
  const lane = async () => {
    while (next < jobs.length && failures.length === 0) {
      const at = next++;
      try {
        await decodeInto(jobs[at]!, size);
        onDone();
      } catch (error) {
        failures.push({ at, error });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  const [first] = failures.sort((a, b) => a.at - b.at);
  if (first) throw first.error;
}

async function decodeInto({ path, label, images, row }: Job, size: number): Promise<void> {
  const pixels = await decodeImage(await readImageFile(path), path, size, true);
  images.pixels.set(pixels, row * pixels.length);
  images.labels[row] = label;
}
