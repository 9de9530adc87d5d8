// Makes a task of a person's own images: a folder, a zip archive, images with CSV files of labels, or arrays (own/).

import { basename, resolve } from "node:path";
import { valueNotValid } from "../core/errors/index.js";
import type { TaskSpec } from "../core/experiment.js";
import type { Access, TaskName } from "../core/model.js";
import { KEEPS_LABELS, type LabelKeeping, type OwnImages, type Task } from "../core/task.js";
import { CATALOG } from "./catalog/catalog.js";
import { loadOwnInWorker } from "./decode-client.js";
import { defaultPlaces } from "./locate.js";
import { mostTaskBytes } from "./memory.js";
import { OWN_DEFAULTS } from "./own/load-own.js";

export interface FolderTaskOptions extends Omit<OwnImages, "path"> {
  /** By default "mine/" and the folder's name. */
  readonly name?: TaskName | undefined;
  readonly access: Access;
  /** Width and height in pixels that every image is stretched to; by default 32, or that of the arrays in idx and npz files. */
  readonly imageSize?: number;
  /** Share of each class's images for validation, 0.2 by default; unused if the folder has validation images. */
  readonly validation?: number;
  /** Share of each class's images for testing, 0.2 by default; unused if the folder has test images. */
  readonly test?: number;
  /** Decides which images train, validate and test, and their order; 0 by default. */
  readonly seed?: number;
  /** Whether to follow symbolic links to images and folders; by default they are left out and counted. */
  readonly followLinks?: boolean;
  /** The augmentations that keep the labels; by default crops of at least half of the image, no flips, no turned hues. */
  readonly keeps?: LabelKeeping;
  /** Most images of a split. */
  readonly limit?: number | undefined;
  readonly onProgress?: ((progress: FolderProgress) => void) | undefined;
  /** Receives what a person should know before relying on the task, such as classes too small to be tested. */
  readonly onNote?: ((note: string) => void) | undefined;
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

/**
 * Loads `<folder>/<class>/*.png` (jpg, webp, gif, tiff, bmp, ppm, jp2 …), or the same below train, validation (val, valid)
 * and test; images that CSV files label; a zip archive of either; or idx or npz files. Missing splits are drawn from the
 * training images, from every class alike. Images that can't be decoded are an error that lists them; only links, hidden
 * files and other files are left out, and `source` counts them.
 */
export async function folderTask(folder: string, options: FolderTaskOptions): Promise<FolderTask> {
  const { name, access, keeps, limit, onProgress, onNote, ...rest } = options;
  const images = ownImages(folder, rest);
  return loadOwnTask(
    { name: name ?? ownName(images.path), access, images, ...(keeps && { keeps }) },
    options,
  );
}

/** The default name of a task: "mine/" and the name of the folder or archive. */
export const ownName = (path: string): TaskName => `mine/${basename(path).replace(/\.(zip|npz|gz)$/i, "")}`;

/** The place of own images, with an absolute path. Throws options/not-valid. */
export function ownImages(path: string, options: Omit<OwnImages, "path">): OwnImages {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const images: OwnImages = { path: resolve(path), ...given };
  const { imageSize, validation, test, seed } = { ...OWN_DEFAULTS, ...images };
  if (!Number.isInteger(imageSize) || imageSize < 1 || imageSize > LARGEST_SIZE)
    throw valueNotValid("imageSize", imageSize, `a whole number of pixels in 1…${LARGEST_SIZE}`);
  for (const [what, share] of Object.entries({ validation, test }))
    if (!(share > 0 && share < 1))
      throw valueNotValid(`The share of ${what} images`, share, "between 0 and 1, both excluded");
  if (validation + test >= 1)
    throw valueNotValid("The share of validation and test images together", validation + test, "below 1");
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw valueNotValid("The seed", seed, "a whole number, 0 or above");
  return images;
}

/** Throws if a task of own images has the name of a catalog task. */
export function checkOwnName(name: TaskName): void {
  if (name.trim() === "" || CATALOG.some((task) => task.name === name))
    throw valueNotValid("The name of the task", name, "a name of its own, not that of a catalog task");
}

type OwnSpec = TaskSpec & { readonly images: OwnImages };

/** Loads own images from their description as data. Throws options/not-valid, data/…. */
export async function loadOwnTask(
  { name, access, images, keeps = KEEPS_LABELS }: OwnSpec,
  { limit, onProgress, onNote }: Pick<FolderTaskOptions, "limit" | "onProgress" | "onNote">,
): Promise<FolderTask> {
  checkOwnName(name);
  const job = {
    kind: "own",
    name,
    images,
    limit,
    mostBytes: mostTaskBytes(),
    cacheDir: access === "private" ? undefined : defaultPlaces().cacheDir,
  } as const;
  const loaded = await loadOwnInWorker(job, (done, total) =>
    onProgress?.({ task: name, doing: "decoding", done, total }),
  );
  for (const note of loaded.notes) onNote?.(note);
  const { classNames, splits, fingerprint, source } = loaded;
  return { name, access, classes: classNames.length, classNames, splits, fingerprint, source, keeps, images };
}
