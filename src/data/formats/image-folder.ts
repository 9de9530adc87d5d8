// A folder of images per class, as people keep them: `<folder>/<class>/*.png`, or the same below `train`,
// `validation` (or `val`, `valid`) and `test`. Only lists; no image is opened. Links are never followed, hidden
// entries and other files are counted and left out, and everything is in the order of its name, whatever the
// directory's is.

import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { emptyClass, folderLayout, folderMissing, noClasses, oneClass } from "../../core/errors.js";
import type { Split } from "../../core/task.js";

/** Paths of one split's images by class, in the order of the class names. */
export type ClassFiles = readonly (readonly string[])[];

export interface ImageFolder {
  /** Sorted by code unit ("10" before "2"); a class's label is its place here. */
  readonly classNames: readonly string[];
  /** What the folder gives as splits. All images are in `train` where it gives none. */
  readonly splits: Readonly<Partial<Record<Split, ClassFiles>>> & { readonly train: ClassFiles };
  /** Files and links that were left out. */
  readonly ignored: number;
}

const IMAGE = /\.(png|jpe?g|webp)$/i;
const HIDDEN = /^(\.|__MACOSX$)/; // the second is what macOS adds to zip archives
const SPLIT_NAMES: ReadonlyMap<string, Split> = new Map([
  ["train", "train"],
  ["validation", "validation"],
  ["val", "validation"],
  ["valid", "validation"],
  ["test", "test"],
]);

/** Lists a folder's classes and images; throws data/folder-missing, data/no-classes, data/one-class, data/empty-class, data/folder-layout. */
export async function listImageFolder(folder: string): Promise<ImageFolder> {
  const root = await list(resolve(folder));
  if (root.folders.length === 0) throw noClasses(root.path, root.images.length);
  const top = await listFolders(root);
  const given = splitListings(root, top);
  const train = given ? await listFolders(given.get("train")!) : top;
  const classNames = train.map(({ name }) => name);
  if (classNames.length === 1) throw oneClass(root.path, classNames[0]!);

  const listed = [root, ...train];
  const splits: Partial<Record<Split, ClassFiles>> & { train: ClassFiles } = { train: filesOf(train) };
  for (const [split, listing] of given ?? []) {
    listed.push(listing);
    if (split === "train") continue;
    const classes = await listFolders(listing);
    checkSameClasses(root.path, classNames, classes, listing.name);
    splits[split] = filesOf(classes);
    listed.push(...classes);
  }
  const ignored = listed.reduce((sum, { others, links }) => sum + others.length + links, root.images.length);
  return { classNames, splits, ignored };
}

interface Listing {
  readonly name: string;
  readonly path: string;
  /** Names, sorted. */
  readonly folders: readonly string[];
  readonly images: readonly string[];
  readonly others: readonly string[];
  /** A count. */
  readonly links: number;
}

async function list(path: string, name = ""): Promise<Listing> {
  let entries: Dirent[];
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw folderMissing(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
  const named = (kept: (entry: Dirent) => boolean) =>
    entries
      .filter(kept)
      .map((entry) => entry.name)
      .sort();
  const folder = (entry: Dirent) => entry.isDirectory() && !HIDDEN.test(entry.name);
  const image = (entry: Dirent) => entry.isFile() && !HIDDEN.test(entry.name) && IMAGE.test(entry.name);
  return {
    name,
    path,
    folders: named(folder),
    images: named(image),
    others: named((entry) => !folder(entry) && !image(entry) && !entry.isSymbolicLink()),
    links: entries.filter((entry) => entry.isSymbolicLink()).length,
  };
}

/** The folders of the splits, train among them; undefined where the folders are classes. "train" may be a class too: it is a split where it holds folders. */
function splitListings(root: Listing, listings: readonly Listing[]): Map<Split, Listing> | undefined {
  const isSplit = ({ name, folders }: Listing) => SPLIT_NAMES.has(name) && folders.length > 0;
  const first = listings.find(isSplit);
  if (!first) return undefined;
  const splits = new Map<Split, Listing>();
  for (const listing of listings) {
    const { name, images } = listing;
    if (!isSplit(listing))
      throw folderLayout(root.path, `${first.name} holds class folders, but ${name} does not`);
    if (images.length > 0)
      throw folderLayout(root.path, `${name} holds class folders and images (${images[0]}) side by side`);
    const split = SPLIT_NAMES.get(name)!;
    const twin = splits.get(split);
    if (twin) throw folderLayout(root.path, `${twin.name} and ${name} are both ${split} images`);
    splits.set(split, listing);
  }
  if (!splits.has("train")) throw folderLayout(root.path, `it has ${first.name} but no train`);
  return splits;
}

const listFolders = ({ path, folders }: Listing): Promise<Listing[]> =>
  Promise.all(folders.map((name) => list(join(path, name), name)));

function filesOf(classes: readonly Listing[]): ClassFiles {
  return classes.map(({ path, folders, images, others, links }) => {
    if (folders.length > 0) throw folderLayout(path, `a class folder that holds the folder ${folders[0]}`);
    if (images.length === 0) throw emptyClass(path, others, links);
    return images.map((name) => join(path, name));
  });
}

function checkSameClasses(
  root: string,
  names: readonly string[],
  classes: readonly Listing[],
  split: string,
) {
  const found = new Set(classes.map(({ name }) => name));
  const missing = names.find((name) => !found.has(name));
  if (missing !== undefined) throw folderLayout(root, `train has the class ${missing}, but ${split} has not`);
  const extra = [...found].find((name) => !names.includes(name));
  if (extra !== undefined) throw folderLayout(root, `${split} has the class ${extra}, but train has not`);
}
