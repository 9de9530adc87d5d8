// Images and labels as arrays: idx files in pairs, as MNIST and its kin are published, and NumPy's .npz, either one
// file with both arrays (Keras' x_train, y_train, x_test, y_test, or images and labels) or one file of images and one of
// labels. The names determine the splits.

import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { badFile, folderLayout, MulabError, oneClass } from "../../core/errors/index.js";
import type { Split } from "../../core/task.js";
import { openRegular, whyUnread } from "../../disk/regular.js";
import { integers, type Npy, parseNpy } from "../formats/npy.js";
import type { Pixels } from "../formats/pixels.js";
import { readZip } from "../formats/zip.js";
import { inOrder } from "./label-files.js";
import type { ClassImages, Listed, OwnImage } from "./listed.js";

const IDX_IMAGES = /^(.*?)[-_.]?images?[-_.]idx[34][-_.]ubyte(\.gz)?$/i;
const NPZ = /\.npz$/i;

/** Most that one file unpacks to, 4 GiB: Node holds no more in one piece. */
const MOST_UNPACKED = 2 ** 32 - 1;

/** Whether a file is of these formats, by its name. */
export const isArrayFile = (name: string): boolean => IDX_IMAGES.test(name) || NPZ.test(name);

/** The images of an idx or npz file, or of all in a folder; undefined if it has none. Unpacks at most `most` bytes. Throws data/bad-file, data/folder-layout, data/one-class. */
export async function listArrays(path: string, most: number): Promise<Listed | undefined> {
  const isFolder = (await stat(path)).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const inFolder = await readdir(folder);
  const names = (isFolder ? inFolder : [basename(path)]).sort();
  const sets: LabelledArrays[] = [];
  for (const name of names.filter((each) => IDX_IMAGES.test(each)))
    sets.push(await idxPair(folder, name, inFolder, most));
  if (sets.length === 0)
    sets.push(
      ...(await npzSets(
        folder,
        names.filter((name) => NPZ.test(name)),
        inFolder,
        most,
      )),
    );
  if (sets.length === 0) return undefined;
  return listedArrays(path, sets);
}

/** Images [count, height, width, channels] with a label each. */
interface LabelledArrays {
  readonly where: string;
  readonly split: Split | undefined;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
  readonly labels: readonly number[];
}

const TRAIN = /train/i;
const TEST = /test|t10k/i;
const VALIDATION = /val/i;
const splitOf = (name: string): Split | undefined =>
  TEST.test(name) ? "test" : VALIDATION.test(name) ? "validation" : TRAIN.test(name) ? "train" : undefined;

// ---- idx

async function idxPair(
  folder: string,
  name: string,
  names: readonly string[],
  most: number,
): Promise<LabelledArrays> {
  const [, start = ""] = IDX_IMAGES.exec(name)!;
  const partner = names.find((other) => {
    const [, its] = /^(.*?)[-_.]?labels?[-_.]idx1[-_.]ubyte(\.gz)?$/i.exec(other) ?? [];
    return its?.toLowerCase() === start.toLowerCase();
  });
  const where = join(folder, name);
  if (partner === undefined) throw folderLayout(folder, `${name} has no file of labels beside it`);
  const images = await readIdx(where, most);
  const labels = await readIdx(join(folder, partner), most);
  const [count = 0, height = 0, width = 0, channels = 1] = images.shape;
  if (labels.shape.length !== 1 || labels.shape[0] !== count)
    throw badFile(join(folder, partner), `labels [${labels.shape.join(", ")}]`, `[${count}], one per image`);
  checkShape(where, images.shape);
  return {
    where,
    split: splitOf(start),
    count,
    height,
    width,
    channels: channels as 1 | 3,
    pixels: images.values,
    labels: [...labels.values],
  };
}

async function readIdx(path: string, most: number): Promise<{ shape: number[]; values: Uint8Array }> {
  const file = await readWhole(path, most);
  let bytes: Uint8Array = file;
  if (file[0] === 0x1f && file[1] === 0x8b)
    try {
      bytes = gunzipSync(file, { maxOutputLength: Math.min(most, MOST_UNPACKED) });
    } catch (error) {
      throw badFile(path, `damaged gzip data (${error instanceof Error ? error.message : error})`, "idx");
    }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || bytes[2] !== 8)
    throw badFile(path, "no idx header of unsigned bytes", "idx, unsigned bytes");
  const dimensions = bytes[3]!;
  const start = 4 + 4 * dimensions;
  if (dimensions < 1 || dimensions > 4 || bytes.length < start)
    throw badFile(path, `idx of ${dimensions} dimensions, or cut off`, "1 to 4 dimensions");
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== start + size)
    throw badFile(path, `${bytes.length - start} bytes of values`, `${size} for [${shape.join(", ")}]`);
  return { shape, values: bytes.subarray(start) };
}

async function readWhole(path: string, most: number): Promise<Uint8Array> {
  try {
    const file = await openRegular(path);
    try {
      const { size } = await file.stat();
      if (size > most) throw badFile(path, `${size} bytes`, `at most ${most} on this machine`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw badFile(path, whyUnread(error), "a file that may be read");
  }
}

function checkShape(where: string, shape: readonly number[]): void {
  const channels = shape[3] ?? 1;
  if (
    shape.length < 3 ||
    shape.length > 4 ||
    (channels !== 1 && channels !== 3) ||
    shape.some((side) => side < 1)
  )
    throw badFile(
      where,
      `an array [${shape.join(", ")}]`,
      "images [count, height, width], or with 1 or 3 channels at the end",
    );
}

// ---- npz

type Arrays = ReadonlyMap<string, Npy>;
type Role = "images" | "labels";

/** The contents of an array by its name: "x_train" and "test_labels" say it, while "arr_0" leaves it to its file. */
const roleOf = (name: string): Role | undefined =>
  /^y([_-]|$)|label|target/i.test(name)
    ? "labels"
    : /^x([_-]|$)|ima?ge?s?|data/i.test(name)
      ? "images"
      : undefined;

interface NamedArray {
  readonly where: string;
  readonly role: Role;
  readonly split: Split | undefined;
  /** The rest of the name, which together with the split pairs images with labels. */
  readonly key: string;
  readonly array: Npy;
}

async function npzSets(
  folder: string,
  chosen: readonly string[],
  names: readonly string[],
  most: number,
): Promise<LabelledArrays[]> {
  // A file with only images brings along the file of its labels.
  const files = chosen.length === 1 ? [...chosen, ...partnersOf(chosen[0]!, names)] : chosen;
  const all = (await Promise.all(files.map((file) => namedArrays(folder, file, most)))).flat();
  return all
    .filter(({ role }) => role === "images")
    .map(({ where, split, key, array }) => {
      const labels = all.find(
        (other) => other.role === "labels" && other.split === split && other.key === key,
      );
      if (!labels) throw folderLayout(folder, `${where} has no labels beside it`);
      return labelledArrays(where, split, array, labels);
    });
}

const withoutRole = (name: string): string =>
  name
    .replace(NPZ, "")
    .replace(/labels?|targets?|ima?ge?s?/gi, "")
    .replace(/[-_.]+/g, "-");

const partnersOf = (name: string, names: readonly string[]): string[] =>
  names.filter((other) => other !== name && NPZ.test(other) && withoutRole(other) === withoutRole(name));

async function namedArrays(folder: string, file: string, most: number): Promise<NamedArray[]> {
  const path = join(folder, file);
  const bytes = await readWhole(path, most);
  const arrays: Arrays = new Map(
    [...readZip(bytes, path).values()]
      .filter(({ name }) => name.endsWith(".npy"))
      .map((member) => {
        const name = member.name.replace(/\.npy$/, "");
        if (member.size > most)
          throw badFile(
            `${path} (${name})`,
            `${member.size} bytes unpacked`,
            `at most ${most} on this machine`,
          );
        return [name, parseNpy(member.read(), `${path} (${name})`)];
      }),
  );
  const alone = arrays.size === 1;
  return [...arrays].flatMap(([name, array]): NamedArray[] => {
    const role = roleOf(name) ?? (alone ? roleOf(file) : undefined);
    if (!role) return [];
    const split = splitOf(name) ?? splitOf(file);
    return [{ where: `${path} (${name})`, role, split, key: alone ? withoutRole(file) : file, array }];
  });
}

function labelledArrays(
  where: string,
  split: Split | undefined,
  { dtype, shape, bytes }: Npy,
  labels: NamedArray,
): LabelledArrays {
  if (!/^[|<>=]u1$/.test(dtype)) throw badFile(where, `values of type ${dtype}`, "uint8, 0…255");
  checkShape(where, shape);
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  const values = integers(labels.array);
  if (!values || values.length !== count)
    throw badFile(
      labels.where,
      `${labels.array.dtype} [${labels.array.shape.join(", ")}]`,
      `whole numbers [${count}], one per image`,
    );
  return {
    where,
    split,
    count,
    height,
    width,
    channels: channels as 1 | 3,
    pixels: bytes,
    labels: Array.from({ length: count }, (_, i) => values.at(i)),
  };
}

// ---- both

function listedArrays(path: string, sets: readonly LabelledArrays[]): Listed {
  const of = (split: Split) => sets.filter((set) => (set.split ?? "train") === split);
  const classNames = inOrder(new Set(of("train").flatMap(({ labels }) => labels.map(String))));
  if (classNames.length === 0) throw folderLayout(path, "it has no images of train");
  if (classNames.length === 1) throw oneClass(path, classNames[0]!);
  const labels = new Map(classNames.map((name, label) => [name, label]));
  const byClass = (split: Split): ClassImages | undefined => {
    const classes: OwnImage[][] = classNames.map(() => []);
    for (const set of of(split))
      set.labels.forEach((value, i) => {
        const label = labels.get(String(value));
        if (label === undefined)
          throw folderLayout(path, `${split} has the class ${value} (image ${i}), but train does not`);
        classes[label]!.push(imageOf(set, i));
      });
    return classes.every((each) => each.length === 0) ? undefined : classes;
  };
  const validation = byClass("validation");
  const test = byClass("test");
  const [first] = sets;
  const { height: side, width, channels } = first!;
  const alike = sets.every((set) => set.height === side && set.width === side && set.channels === channels);
  return {
    kind: "arrays of images",
    classNames,
    splits: { train: byClass("train")!, ...(validation && { validation }), ...(test && { test }) },
    ignored: 0,
    ...(alike && width === side && { native: { side, channels } }),
  };
}

function imageOf({ where, height, width, channels, pixels }: LabelledArrays, i: number): OwnImage {
  const size = height * width * channels;
  return {
    kind: "array",
    where: `${where}, image ${i}`,
    pixels: (): Pixels => ({ height, width, channels, data: pixels.subarray(i * size, (i + 1) * size) }),
  };
}
