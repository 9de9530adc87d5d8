// A folder of images per class, as people keep them: `<folder>/<class>/*.png`, or the same below `train`, `validation` (or
// `val`, `valid`) and `test`, in any case. Only lists files and opens no image. Hidden entries and other files are counted
// and left out, and everything is sorted by name, whatever the order of the directory.

import { emptyClass, folderLayout, noClasses, oneClass } from "../../core/errors/index.js";
import type { Split } from "../../core/task.js";
import type { ClassImages, Listed, OwnImage } from "./listed.js";
import type { Listing, Node, Tree } from "./tree.js";

const SPLIT_NAMES: ReadonlyMap<string, Split> = new Map([
  ["train", "train"],
  ["training", "train"],
  ["validation", "validation"],
  ["val", "validation"],
  ["valid", "validation"],
  ["test", "test"],
  ["testing", "test"],
]);

export const splitNamed = (name: string): Split | undefined => SPLIT_NAMES.get(name.toLowerCase());

/** The images of a file tree; throws data/no-classes, data/one-class, data/empty-class, data/folder-layout. */
export async function listClassFolders(tree: Tree): Promise<Listed> {
  const root = await open(tree, await unwrapped(tree, tree.root));
  if (root.folders.length === 0) throw noClasses(root.node.where, root.images.length);
  const top = await openFolders(tree, root);
  const given = splitFolders(root, top);
  const trained = given ? merged(await openFolders(tree, given.get("train")!)) : merged(top);
  const classNames = trained.map(([name]) => name);
  if (classNames.length === 1) throw oneClass(root.node.where, classNames[0]!);

  const listed: Opened[] = [root, ...trained.flatMap(([, folders]) => folders)];
  const splits: Partial<Record<Split, ClassImages>> & { train: ClassImages } = {
    train: imagesOf(tree, trained),
  };
  for (const [split, folder] of given ?? []) {
    listed.push(folder);
    if (split === "train") continue;
    const classes = merged(await openFolders(tree, folder));
    checkSameClasses(
      root.node.where,
      classNames,
      classes.map(([name]) => name),
      folder.node.name,
    );
    splits[split] = imagesOf(tree, classes);
    listed.push(...classes.flatMap(([, folders]) => folders));
  }
  const ignored = listed.reduce((sum, { others, links }) => sum + others.length + links, root.images.length);
  return { kind: "folder of images", classNames, splits, ignored };
}

interface Opened extends Listing {
  readonly node: Node;
}

async function open(tree: Tree, node: Node): Promise<Opened> {
  return { node, ...(await tree.list(node)) };
}

const openFolders = (tree: Tree, { folders }: Listing): Promise<Opened[]> =>
  Promise.all(folders.map((node) => open(tree, node)));

/** Most nested wrapper folders; archives often begin with one of their own name. */
const MOST_WRAPPERS = 4;

/** Descends to the folder that holds more than one other folder. */
export async function unwrapped(tree: Tree, start: Node): Promise<Node> {
  let node = start;
  for (let i = 0; i < MOST_WRAPPERS; i++) {
    const { folders, images } = await tree.list(node);
    const [only] = folders;
    if (!only || folders.length > 1 || images.length > 0 || splitNamed(only.name)) return node;
    if ((await tree.list(only)).folders.length === 0) return node; // it is a class
    node = only;
  }
  return node;
}

/** The folders of the splits, including train; undefined if the folders are classes. "train" may be a class too; it is a split if it holds folders. */
function splitFolders(root: Opened, folders: readonly Opened[]): Map<Split, Opened> | undefined {
  const isSplit = ({ node, folders }: Opened) => splitNamed(node.name) !== undefined && folders.length > 0;
  const first = folders.find(isSplit);
  if (!first) return undefined;
  const { where } = root.node;
  const splits = new Map<Split, Opened>();
  for (const folder of folders) {
    const { node, images } = folder;
    if (!isSplit(folder))
      throw folderLayout(where, `${first.node.name} holds class folders, but ${node.name} does not`);
    if (images.length > 0)
      throw folderLayout(
        where,
        `${node.name} holds class folders and images (${images[0]!.name}) side by side`,
      );
    const split = splitNamed(node.name)!;
    const twin = splits.get(split);
    if (twin) throw folderLayout(where, `${twin.node.name} and ${node.name} are both ${split} images`);
    splits.set(split, folder);
  }
  if (!splits.has("train")) throw folderLayout(where, `it has ${first.node.name} but no train`);
  return splits;
}

/** Classes by name: folders whose names are the same text in different bytes are one class. */
function merged(folders: readonly Opened[]): (readonly [name: string, folders: readonly Opened[]])[] {
  const classes = new Map<string, Opened[]>();
  for (const folder of folders) {
    const { name } = folder.node;
    classes.set(name, [...(classes.get(name) ?? []), folder]);
  }
  return [...classes];
}

function imagesOf(tree: Tree, classes: readonly (readonly [string, readonly Opened[]])[]): ClassImages {
  return classes.map(([, folders]) =>
    folders.flatMap(({ node, folders, images, others, links }) => {
      if (folders.length > 0)
        throw folderLayout(node.where, `a class folder that holds the folder ${folders[0]!.name}`);
      if (images.length === 0)
        throw emptyClass(
          node.where,
          others.map(({ name }) => name),
          links,
        );
      return images.map((image) => imageAt(tree, image));
    }),
  );
}

export const imageAt = (tree: Tree, node: Node): OwnImage => ({
  kind: "file",
  where: node.where,
  read: () => tree.read(node),
  stamp: () => tree.stamp(node),
});

function checkSameClasses(root: string, names: readonly string[], found: readonly string[], split: string) {
  const missing = names.find((name) => !found.includes(name));
  if (missing !== undefined)
    throw folderLayout(root, `train has the class ${missing}, but ${split} does not`);
  const extra = found.find((name) => !names.includes(name));
  if (extra !== undefined) throw folderLayout(root, `${split} has the class ${extra}, but train does not`);
}
