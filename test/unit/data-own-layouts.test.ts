// Where a person's images may be and how they may be named: every layout becomes the same kind of task.

import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { expect, test, vi } from "vitest";
import type { Task } from "../../src/core/task.js";
import { type FolderTaskOptions, folderTask } from "../../src/data/folder-task.js";
import { patternPng, png, writeClasses, writeFiles } from "../support/images.js";
import { int64, npy, npz } from "../support/npz.js";
import { temporaryFolders } from "../support/temporary.js";

// In this thread: starting a worker takes longer than all the rest.
vi.mock("../../src/data/decode-client.js", async () => {
  const { loadOwn } = await import("../../src/data/own/load-own.js");
  return { loadOwnInWorker: loadOwn };
});

const newFolder = temporaryFolders();
const load = (path: string, options: Partial<FolderTaskOptions> = {}) =>
  folderTask(path, { access: "private", imageSize: 4, ...options });
const counts = ({ splits }: Task) =>
  [splits.train, splits.validation, splits.test].map((images) => {
    const perClass: number[] = [];
    for (const label of images.labels) perClass[label] = (perClass[label] ?? 0) + 1;
    return perClass;
  });

/** A PPM of one colour that says its class. */
const ppm = (value: number): Buffer => Buffer.concat([Buffer.from("P6 5 5 255\n"), Buffer.alloc(75, value)]);
/** Each image's label and its colour. */
const labelled = ({ splits }: Task) =>
  Object.values(splits).flatMap(({ labels, pixels, count }) =>
    Array.from({ length: count }, (_, i) => [labels[i], pixels[i * 48]] as const),
  );

/** GTSRB as its authors publish it: 3 classes of 4 images, and 6 images to test on. */
function gtsrb(folder: string): string {
  const head = "Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\r\n";
  const files: Record<string, string | Buffer> = { "GTSRB/Readme.txt": "read me" };
  const row = (name: string, id: number | "") => `${name};5;5;1;1;4;4;${id}\r\n`;
  for (const id of [0, 1, 14]) {
    const name = String(id).padStart(5, "0");
    const images = Array.from({ length: 4 }, (_, i) => `00000_0000${i}.ppm`);
    for (const image of images) files[`GTSRB/Final_Training/Images/${name}/${image}`] = ppm(id * 10 + 5);
    files[`GTSRB/Final_Training/Images/${name}/GT-${name}.csv`] =
      head + images.map((image) => row(image, id)).join("");
  }
  const tested = [0, 14, 1, 1, 14, 0];
  tested.forEach((id, i) => {
    files[`GTSRB/Final_Test/Images/0000${i}.ppm`] = ppm(id * 10 + 5);
  });
  files["GTSRB/Final_Test/Images/GT-final_test.csv"] =
    head + tested.map((id, i) => row(`0000${i}.ppm`, id)).join("");
  // Beside them is the list that was handed out first, without labels.
  files["GTSRB/Final_Test/Images/GT-final_test.test.csv"] = head.replace(";ClassId", "");
  writeFiles(folder, files);
  return folder;
}

test("GTSRB as published: the labels of its CSV files, its own test images, classes in the order of their numbers", async () => {
  const task = await load(gtsrb(newFolder()));
  expect(task.classNames).toEqual(["0", "1", "14"]);
  expect(counts(task)).toEqual([
    [3, 3, 3],
    [1, 1, 1],
    [2, 2, 2],
  ]);
  for (const [label, value] of labelled(task)) expect(value).toBe([5, 15, 145][label!]);
  expect(task.source).toBe("images with labels in CSV, 2 other files ignored");
});

test("GTSRB with only Train and Test, and with class folders that no CSV file labels, is the same task", async () => {
  const root = newFolder();
  const published = await load(gtsrb(root));
  const moved = newFolder();
  mkdirSync(join(moved, "signs"));
  renameSync(join(root, "GTSRB/Final_Training/Images"), join(moved, "signs/Train"));
  renameSync(join(root, "GTSRB/Final_Test/Images"), join(moved, "signs/TEST"));
  expect((await load(join(moved, "signs"))).classNames).toEqual(["0", "1", "14"]);
  for (const name of readdirSync(join(moved, "signs/Train")))
    rmSync(join(moved, "signs/Train", name, `GT-${name}.csv`));
  const task = await load(moved);
  expect(task.classNames).toEqual(["0", "1", "14"]);
  expect(counts(task)).toEqual(counts(published));
  for (const [label, value] of labelled(task)) expect(value).toBe([5, 15, 145][label!]);
});

/** The same set as Kaggle has it. */
function kaggle(folder: string): string {
  const files: Record<string, string | Buffer> = {};
  const lines = (split: string, ids: readonly number[]) =>
    ids.map((id, i) => {
      const path = split === "Train" ? `Train/${id}/${i}.png` : `${split}/${i}.png`;
      files[path] = png({ width: 2, height: 2 }, new Uint8Array(12).fill(id * 10 + 5));
      return `5,5,1,1,4,4,${id},${path}`;
    });
  const head = "Width,Height,Roi.X1,Roi.Y1,Roi.X2,Roi.Y2,ClassId,Path";
  for (const [split, ids] of [
    ["Train", [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]],
    ["Test", [0, 1, 2, 2]],
  ] as const)
    files[`${split}.csv`] = [head, ...lines(split, ids)].join("\n");
  files["Meta.csv"] = `Path,ClassId,ShapeId\n${[0, 1, 2].map((id) => `Meta/${id}.png,${id},1`).join("\n")}`;
  for (const id of [0, 1, 2]) files[`Meta/${id}.png`] = patternPng(4, id);
  writeFiles(folder, files);
  return folder;
}

test("Kaggle's layout: Train.csv and Test.csv with paths; what Meta.csv names is not of the set", async () => {
  const folder = kaggle(newFolder());
  const task = await load(folder);
  expect(counts(task)).toEqual([
    [3, 2, 2],
    [1, 1, 1],
    [1, 1, 2],
  ]);
  for (const [label, value] of labelled(task)) expect(value).toBe(label! * 10 + 5);
  rmSync(join(folder, "Train/1/5.png"));
  rmSync(join(folder, "Test/0.png"));
  await expect(load(folder)).rejects.toMatchObject({
    code: "data/labels-without-images",
    message: expect.stringMatching(
      /Test\.csv names 4 images, of which 1 is missing: Test\/0\.png\. Put them/,
    ),
  });
});

test("one CSV file of names and labels, names without their ending, splits in a column of their own", async () => {
  const folder = newFolder();
  const files: Record<string, string | Buffer> = {};
  const rows = ["image_id,species,subset"];
  for (const [i, species] of ["oak", "elm", '"ash, white"'].entries())
    for (const [j, split] of ["train", "train", "val", "test"].entries()) {
      files[`images/p${i}${j}.png`] = patternPng(4, i * 4 + j);
      rows.push(`p${i}${j},${species},${split}`);
    }
  writeFiles(folder, { ...files, "labels.csv": `\ufeff${rows.join("\r\n")}\r\n` });
  const task = await load(folder);
  expect(task.classNames).toEqual(["ash, white", "elm", "oak"]);
  expect(counts(task)).toEqual([
    [2, 2, 2],
    [1, 1, 1],
    [1, 1, 1],
  ]);
});

test("a CSV file that is about something else, or is elsewhere, is just another file", async () => {
  const folder = writeClasses(newFolder(), { a: 3, b: 3 });
  writeFiles(folder, { "notes.csv": "day,weather\n1,rain\n", "a/labels.csv": "file,label\nnowhere.png,3\n" });
  expect(await load(folder)).toMatchObject({
    classNames: ["a", "b"],
    source: "folder of images, 2 other files ignored",
  });
});

test("an image that is named twice with different labels is refused", async () => {
  const folder = newFolder();
  writeFiles(folder, { "1.png": patternPng(4, 1), "labels.tsv": "file\tlabel\n1.png\ta\n./1.png\tb\n" });
  await expect(load(folder)).rejects.toMatchObject({
    code: "data/folder-layout",
    message: expect.stringContaining("1.png is named twice, with different labels"),
  });
});

/** Everything below a folder as a zip archive. */
function zipped(folder: string, target: string, prefix = ""): string {
  const files: Record<string, Uint8Array> = {};
  const walk = (path: string) => {
    for (const entry of readdirSync(join(folder, path), { withFileTypes: true }))
      if (entry.isDirectory()) walk(`${path}${entry.name}/`);
      else
        files[`${prefix}${path}${entry.name}`] = new Uint8Array(readFileSync(join(folder, path, entry.name)));
  };
  walk("");
  writeFileSync(target, zipSync(files, { level: 0, mtime: "1980-01-01" }));
  return target;
}

test("a zip archive is the folder that it holds, however deep it is wrapped", async () => {
  const folder = writeClasses(newFolder(), { a: 5, b: 5 });
  const { fingerprint, classNames } = await load(folder);
  for (const prefix of ["", "things/", "things/images/"]) {
    const archive = zipped(folder, join(newFolder(), "things.zip"), prefix);
    const task = await folderTask(archive, { access: "public", imageSize: 4 });
    expect(task).toMatchObject({ name: "mine/things", fingerprint, classNames });
    expect(task.source).toBe("zip archive: folder of images");
  }
  const signs = zipped(gtsrb(newFolder()), join(newFolder(), "signs.zip"));
  expect((await load(signs)).classNames).toEqual(["0", "1", "14"]);
});

test("a damaged archive, and one whose names lead out of it, harm nothing", async () => {
  const folder = newFolder();
  const archive = join(folder, "x.zip");
  const members = ["../../a", "/b"].flatMap((path, c) =>
    [0, 1, 2].map((i) => [`${path}/${i}.png`, new Uint8Array(patternPng(4, 3 * c + i))] as const),
  );
  writeFileSync(archive, zipSync(Object.fromEntries(members), { level: 0, mtime: "1980-01-01" }));
  expect((await load(archive)).classes).toBe(2);
  expect(readdirSync(folder)).toEqual(["x.zip"]);
  const bytes = readFileSync(archive);
  bytes[80]! ^= 1; // in the first image
  writeFileSync(archive, bytes);
  await expect(load(archive)).rejects.toMatchObject({ code: expect.stringMatching(/^data\/bad-/) });
  writeFileSync(archive, bytes.subarray(0, 100));
  await expect(load(archive)).rejects.toMatchObject({ code: "data/bad-file" });
});

const idx = (shape: readonly number[], values: Uint8Array): Buffer => {
  const head = Buffer.alloc(4 + 4 * shape.length);
  head.set([0, 0, 8, shape.length]);
  shape.forEach((side, i) => {
    head.writeUInt32BE(side, 4 + 4 * i);
  });
  return Buffer.concat([head, values]);
};
const greys = (count: number, side: number) =>
  Uint8Array.from({ length: count * side * side }, (_, i) => (i * 7) & 255);

test("idx files in pairs keep their pixels and their size; labels may have gaps", async () => {
  const folder = newFolder();
  const labels = Uint8Array.from([7, 3, 7, 3, 7, 3, 3, 7]);
  writeFiles(folder, {
    "train-images-idx3-ubyte.gz": gzipSync(idx([8, 6, 6], greys(8, 6))),
    "train-labels-idx1-ubyte.gz": gzipSync(idx([8], labels)),
    "t10k-images.idx3-ubyte": idx([2, 6, 6], greys(2, 6)),
    "t10k-labels.idx1-ubyte": idx([2], Uint8Array.of(3, 7)),
  });
  const task = await folderTask(folder, { access: "public", name: "mine/digits" });
  expect(task).toMatchObject({ classNames: ["3", "7"], source: "arrays of images" });
  expect(task.splits.test).toMatchObject({ height: 6, width: 6, channels: 1, count: 2 });
  const { pixels, labels: tested } = task.splits.test;
  const rows = [0, 1].map((i) => [tested[i], ...pixels.subarray(i * 36, i * 36 + 36)].join());
  expect(rows.sort()).toEqual(
    [[0, ...greys(2, 6).subarray(0, 36)].join(), [1, ...greys(2, 6).subarray(36)].join()].sort(),
  );
  const one = await folderTask(join(folder, "train-images-idx3-ubyte.gz"), { access: "public" });
  expect(
    counts(one)
      .flat()
      .reduce((a, b) => a + b),
  ).toBe(8);
  rmSync(join(folder, "t10k-labels.idx1-ubyte"));
  await expect(load(folder)).rejects.toMatchObject({
    code: "data/folder-layout",
    message: expect.stringContaining("t10k-images.idx3-ubyte has no file of labels beside it"),
  });
});

test("npz files: both arrays in one, Keras' four, or one file of each", async () => {
  const images = (count: number) => npy({ dtype: "|u1", shape: [count, 4, 4, 3] }, greys(3 * count, 4));
  const labels = (count: number) =>
    npy({ dtype: "<i8", shape: [count] }, int64(Array.from({ length: count }, (_, i) => i % 2)));
  const folder = newFolder();
  const layouts: Record<string, Record<string, Uint8Array>> = {
    both: { "set.npz": npz({ images: images(12), labels: labels(12) }) },
    keras: {
      "x.npz": npz({ x_train: images(12), y_train: labels(12), x_test: images(4), y_test: labels(4) }),
    },
    pairs: {
      "kmnist-train-imgs.npz": npz({ arr_0: images(12) }),
      "kmnist-train-labels.npz": npz({ arr_0: labels(12) }),
      "kmnist-test-imgs.npz": npz({ arr_0: images(4) }),
      "kmnist-test-labels.npz": npz({ arr_0: labels(4) }),
    },
  };
  for (const [name, files] of Object.entries(layouts)) {
    for (const [file, bytes] of Object.entries(files)) writeFiles(folder, { [`${name}/${file}`]: bytes });
    const task = await load(join(folder, name));
    expect(task.splits.test.count, name).toBe(name === "both" ? 2 : 4);
    expect(task.splits.train.channels).toBe(3);
  }
  const alone = await load(join(folder, "pairs/kmnist-train-imgs.npz"));
  expect(
    counts(alone)
      .flat()
      .reduce((a, b) => a + b),
  ).toBe(12);
  writeFiles(folder, { "bad/x.npz": npz({ images: images(3), labels: labels(4) }) });
  await expect(load(join(folder, "bad"))).rejects.toMatchObject({ code: "data/bad-file" });
});

test("Train and Test in any case, a name composed in one and decomposed in the other, are the same names", async () => {
  const folder = newFolder();
  for (const [split, name] of [
    ["Train", "caf\u00e9"],
    ["TEST", "cafe\u0301"],
  ] as const) {
    writeClasses(folder, { [`${split}/${name}`]: 4, [`${split}/bar`]: 4 });
  }
  const task = await load(folder);
  expect(task.classNames).toEqual(["bar", "caf\u00e9"]);
  expect(counts(task)[2]).toEqual([4, 4]);
  const composed = newFolder();
  for (const split of ["train", "test"])
    writeClasses(composed, { [`${split}/caf\u00e9`]: 4, [`${split}/bar`]: 4 });
  expect((await load(composed)).classNames).toEqual(task.classNames);
});

test.skipIf(process.platform !== "linux")(
  "names that are not UTF-8 are read, distinguished, and shown",
  async () => {
    const folder = writeClasses(newFolder(), { plain: 3 });
    for (const byte of [0xe9, 0xe8]) {
      const name = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(byte)]);
      mkdirSync(name);
      for (let i = 0; i < 3; i++)
        writeFileSync(
          Buffer.concat([name, Buffer.from(`/${i}`), Buffer.of(byte), Buffer.from(".png")]),
          patternPng(4, i + byte),
        );
    }
    const task = await load(folder);
    expect(task.classNames).toEqual(["caf\\xE8", "caf\\xE9", "plain"]);
    expect(counts(task)[0]).toEqual([1, 1, 1]);
  },
);

test("links are followed where that is asked for, one that leads nowhere is counted", async () => {
  const outside = writeClasses(newFolder(), { c: 4 });
  const folder = writeClasses(newFolder(), { a: 3, b: 3 });
  symlinkSync(join(outside, "c"), join(folder, "c"));
  symlinkSync(join(outside, "c/0.png"), join(folder, "a/9.png"));
  symlinkSync("absent", join(folder, "b/9.png"));
  symlinkSync("..", join(folder, "b/up"));
  await expect(load(folder, { followLinks: true })).rejects.toMatchObject({ code: "data/folder-layout" });
  rmSync(join(folder, "b/up"));
  const task = await load(folder, { followLinks: true });
  expect(task.classNames).toEqual(["a", "b", "c"]);
  expect(
    counts(task)
      .flat()
      .reduce((sum, count) => sum + count),
  ).toBe(11);
  expect(task.source).toBe("folder of images, 1 other file ignored");
});

test("samples of 12 bits in 16 are scaled to white for the whole set, and that is reported", async () => {
  const folder = newFolder();
  const grey16 = (value: number) =>
    png({ width: 1, height: 1, color: 0, depth: 16 }, Uint8Array.of(value >> 8, value & 255));
  for (let i = 0; i < 3; i++)
    writeFiles(folder, { [`a/${i}.png`]: grey16(4095), [`b/${i}.png`]: grey16(100) });
  const notes: string[] = [];
  const task = await load(folder, { name: "mine/x", imageSize: 1, onNote: (note) => notes.push(note) });
  const values = new Map(
    Object.values(task.splits).flatMap(({ labels, pixels, count }) =>
      Array.from({ length: count }, (_, i) => [labels[i], pixels[i * 3]] as const),
    ),
  );
  expect(values).toEqual(
    new Map([
      [0, 255],
      [1, 6],
    ]),
  );
  expect(task.source).toBe("folder of images, samples of 16 bits hold 12");
  expect(notes).toEqual([
    "mine/x: the 16-bit samples use only 12 bits, so the highest 12-bit value is white.",
  ]);
  writeFiles(folder, { "b/9.png": grey16(60_000) }); // one of 16 bits, so that all are
  expect((await load(folder, { imageSize: 1 })).source).toBe("folder of images");
});

test("a public folder of many images is decoded once; a change is seen, and leaves one copy", async () => {
  const cache = newFolder();
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("HOME", cache);
  const folder = join(newFolder(), "many");
  for (const name of ["a", "b"])
    for (let i = 0; i < 300; i++)
      writeFiles(folder, { [`${name}/${i}.png`]: patternPng(4, i + (name === "b" ? 300 : 0)) });
  const kept = () =>
    readdirSync(cache, { recursive: true }).filter((name) => String(name).endsWith(".images"));
  const first = await load(folder, { access: "public" });
  expect(kept()).toHaveLength(1);
  const seen: number[] = [];
  const again = await load(folder, { access: "public", onProgress: ({ done }) => seen.push(done) });
  expect([again.fingerprint, seen]).toEqual([first.fingerprint, [600]]); // at once
  writeFiles(folder, { "a/7.png": patternPng(4, 999) });
  const changed = await load(folder, { access: "public" });
  expect(changed.fingerprint).not.toBe(first.fingerprint);
  expect(kept()).toHaveLength(1);
  rmSync(cache, { recursive: true });
  mkdirSync(cache);
  await load(folder, { access: "private" });
  expect(kept()).toEqual([]);
  vi.unstubAllEnvs();
});

test("a path that leads to nothing that is known says what would be", async () => {
  const folder = newFolder();
  writeFiles(folder, { "x.tar": "" });
  await expect(load(join(folder, "x.tar"))).rejects.toMatchObject({
    code: "data/not-images",
    message: expect.stringMatching(/x\.tar is a file of another kind\. A task is a folder .*zip archive/),
  });
  await expect(load(folder)).rejects.toMatchObject({ code: "data/no-classes" });
});
