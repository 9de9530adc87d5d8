// Images whose labels are in CSV files beside them: GTSRB as it is published (one `GT-00014.csv` per class folder, fields
// separated by semicolons), the same set as Kaggle has it (Train.csv and Test.csv with Path and ClassId), and any file with
// a column of image names and one of labels. The split of a file follows from its name, its folders' names, or a column.

import { dsvFormat } from "d3-dsv";
import { folderLayout, labelsWithoutImages, oneClass } from "../../core/errors/index.js";
import type { Split } from "../../core/task.js";
import { imageAt, splitNamed, unwrapped } from "./class-folders.js";
import type { ClassImages, Listed } from "./listed.js";
import type { Node, Tree } from "./tree.js";

/** Most levels of folders that are searched. */
const MOST_DEPTH = 6;
const LABEL_FILE = /\.(csv|tsv)$/i;
const IMAGE_COLUMN = /^(path|file|file[ _]?(name|path)|image([ _]?(id|name|path|file))?|img|id)$/i;
const LABEL_COLUMN = /^(class[ _]?id|labels?|class([ _]?name)?|category|target|species|y)$/i;
const SPLIT_COLUMN = /^(split|subset|data[ _]?set|set|partition)$/i;

/** The images that CSV files label; undefined if there are none. Throws data/folder-layout, data/labels-without-images, data/one-class. */
export async function listLabelled(tree: Tree): Promise<Listed | undefined> {
  const { files, images, others } = await walk(tree);
  const labelFiles = files.map((node) => labelFileOf(tree, node)).filter((found) => found !== undefined);
  if (labelFiles.length === 0) return undefined;
  const found = labelFiles.map((file) => rowsWithImages(file, images)).filter(({ rows }) => rows.length > 0);
  const used = found.some(({ rows }) => rows.some(({ split }) => split === "train"))
    ? found.filter(({ rows }) => rows.some(({ split }) => split !== undefined))
    : found;
  const incomplete = used.find(({ missing }) => missing.length > 0);
  if (incomplete) {
    const { where, missing, rows } = incomplete;
    throw labelsWithoutImages(where, missing.length, missing.length + rows.length, missing.slice(0, 5));
  }
  const labelled = new Map<Node, Row>();
  for (const { where, rows } of used)
    for (const row of rows) {
      const known = labelled.get(row.image);
      if (known && (known.label !== row.label || known.split !== row.split))
        throw folderLayout(where, `${row.image.path} is named twice, with different labels or splits`);
      labelled.set(row.image, row);
    }
  for (const row of await inClassFolders(tree, labelled)) labelled.set(row.image, row);
  const rows = [...labelled.values()];
  if (rows.length === 0) return undefined;
  const unused = files.length - used.length + images.size - rows.length;
  return listed(tree, rows, others + unused);
}

interface Row {
  readonly image: Node;
  readonly label: string;
  /** Null means train, from which missing splits are drawn. */
  readonly split: Split | undefined;
}

interface Walk {
  readonly files: readonly Node[];
  /** By path. */
  readonly images: ReadonlyMap<string, Node>;
  /** Number of other files and links. */
  readonly others: number;
}

async function walk(tree: Tree): Promise<Walk> {
  const files: Node[] = [];
  const images = new Map<string, Node>();
  let others = 0;
  const enter = async (folder: Node, depth: number): Promise<void> => {
    const listing = await tree.list(folder);
    for (const image of listing.images) images.set(image.path, image);
    const labels = listing.others.filter(({ name }) => LABEL_FILE.test(name) && !name.startsWith("."));
    files.push(...labels);
    others += listing.others.length - labels.length + listing.links;
    if (depth < MOST_DEPTH) for (const sub of listing.folders) await enter(sub, depth + 1);
  };
  await enter(tree.root, 0);
  return { files, images, others };
}

interface LabelFile {
  readonly node: Node;
  /** Names as written, labels, and splits if the file has them. */
  readonly rows: readonly { readonly name: string; readonly label: string; readonly split: string }[];
}

/** Undefined if the file lacks a column of images or of labels, so that it is about something else. */
function labelFileOf(tree: Tree, node: Node): LabelFile | undefined {
  const text = new TextDecoder().decode(tree.read(node)); // strips a byte order mark
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const separator = [";", "\t", ","].find((mark) => header.includes(mark));
  if (separator === undefined) return undefined;
  const [names = [], ...rows] = dsvFormat(separator).parseRows(text);
  const column = (pattern: RegExp) => names.findIndex((name) => pattern.test(name.trim()));
  const [image, label, split] = [column(IMAGE_COLUMN), column(LABEL_COLUMN), column(SPLIT_COLUMN)];
  if (image < 0 || label < 0) return undefined;
  const cell = (row: readonly string[], at: number) => (at < 0 ? "" : (row[at] ?? "").trim());
  return {
    node,
    rows: rows
      .filter((row) => row.some((value) => value.trim() !== ""))
      .map((row) => ({
        name: cell(row, image),
        label: keyOf(cell(row, label)),
        split: cell(row, split),
      })),
  };
}

/** Labels are compared as text, except that numbers are compared as numbers: the folder 00014 is class 14. */
const keyOf = (label: string): string =>
  /^\d{1,15}$/.test(label) ? String(Number(label)) : label.normalize("NFC");

function rowsWithImages({ node, rows }: LabelFile, images: ReadonlyMap<string, Node>) {
  const folder = node.path.includes("/") ? node.path.slice(0, node.path.lastIndexOf("/") + 1) : "";
  const stem = node.name.replace(LABEL_FILE, "");
  const ofFile = splitIn(node.path);
  const bases = [folder, `${folder}${stem}/`, `${folder}images/`, `${folder}Images/`, ""];
  const endings = ["", ".png", ".jpg", ".jpeg"]; // some files name images without their extension
  const find = (name: string): Node | undefined => {
    const path = name
      .normalize("NFC")
      .replaceAll("\\", "/")
      .replace(/^(\.?\/)+/, "");
    for (const ending of endings)
      for (const base of bases) {
        const image = images.get(`${base}${path}${ending}`);
        if (image) return image;
      }
    return undefined;
  };
  const missing: string[] = [];
  const found: Row[] = [];
  for (const { name, label, split } of rows) {
    const image = find(name);
    if (!image) missing.push(name);
    else found.push({ image, label, split: splitNamed(split) ?? ofFile });
  }
  return { where: node.where, rows: found, missing };
}

/** The split that a path names, looking from its end: "Final_Test/Images/GT-final_test.csv". */
function splitIn(path: string): Split | undefined {
  for (const step of path.split("/").reverse())
    for (const word of step.split(/[^a-z]+/i)) {
      const split = splitNamed(word);
      if (split) return split;
    }
  return undefined;
}

/** Images in class folders of a split without label files: train images in class folders need no CSV file. */
async function inClassFolders(tree: Tree, labelled: ReadonlyMap<Node, Row>): Promise<Row[]> {
  const splits = new Set([...labelled.values()].map(({ split }) => split ?? "train"));
  const rows: Row[] = [];
  for (const folder of (await tree.list(await unwrapped(tree, tree.root))).folders) {
    const split = splitIn(folder.name);
    if (!split || splits.has(split)) continue;
    for (const name of (await tree.list(await unwrapped(tree, folder))).folders)
      for (const image of (await tree.list(name)).images)
        rows.push({ image, label: keyOf(name.name), split });
  }
  return rows;
}

function listed(tree: Tree, rows: readonly Row[], ignored: number): Listed {
  const { where } = tree.root;
  const of = (split: Split) => rows.filter((row) => (row.split ?? "train") === split);
  const classNames = inOrder(new Set(of("train").map(({ label }) => label)));
  if (classNames.length === 0) throw folderLayout(where, "its CSV files label no images of train");
  if (classNames.length === 1) throw oneClass(where, classNames[0]!);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const byClass = (split: Split): ClassImages | undefined => {
    const classes: Row[][] = classNames.map(() => []);
    for (const row of of(split)) {
      const label = labels.get(row.label);
      if (label === undefined)
        throw folderLayout(
          where,
          `${split} has the class ${row.label} (${row.image.path}), but train does not`,
        );
      classes[label]!.push(row);
    }
    if (classes.every((each) => each.length === 0)) return undefined;
    return classes.map((each) =>
      each.sort((a, b) => (a.image.path < b.image.path ? -1 : 1)).map(({ image }) => imageAt(tree, image)),
    );
  };
  const validation = byClass("validation");
  const test = byClass("test");
  return {
    kind: "images with labels in CSV",
    classNames,
    splits: { train: byClass("train")!, ...(validation && { validation }), ...(test && { test }) },
    ignored,
  };
}

/** By number if all are numbers, otherwise by code unit. */
export function inOrder(names: ReadonlySet<string>): string[] {
  const numbers = [...names].every((name) => /^\d+$/.test(name));
  return [...names].sort((a, b) => (numbers ? Number(a) - Number(b) : a < b ? -1 : 1));
}
