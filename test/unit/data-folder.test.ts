// A folder of images per class as a task: what is understood as a layout, who goes to which split, what is refused.

import { chmodSync, linkSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Images, Task } from "../../src/core/task.js";
import { type FolderProgress, type FolderTaskOptions, folderTask } from "../../src/data/folder-task.js";
import { patternPng, png, writeClasses, writeFiles } from "../support/images.js";
import { temporaryFolders } from "../support/temporary.js";

// In this thread: starting a worker takes longer than all the rest.
vi.mock("../../src/data/decode-client.js", async () => {
  const { loadOwn } = await import("../../src/data/own/load-own.js");
  return { loadOwnInWorker: loadOwn };
});

const newFolder = temporaryFolders();
const classes = (counts: Record<string, number>) => writeClasses(newFolder(), counts);
const load = (folder: string, options: Partial<FolderTaskOptions> = {}) =>
  folderTask(folder, { access: "private", imageSize: 4, ...options });

const counts = ({ splits }: Task) =>
  [splits.train, splits.validation, splits.test].map((images) => {
    const perClass: number[] = [];
    for (const label of images.labels) perClass[label] = (perClass[label] ?? 0) + 1;
    return perClass;
  });
const rows = ({ pixels, labels, count }: Images) =>
  Array.from({ length: count }, (_, i) => `${labels[i]}: ${pixels.slice(i * 48, (i + 1) * 48)}`);
const allRows = ({ splits }: Task) => [splits.train, splits.validation, splits.test].flatMap(rows);

test("folders of images are classes in the order of their names, split class by class", async () => {
  const folder = classes({ zebra: 10, ant: 5, "10": 3 });
  const task = await load(folder, { name: "mine/animals", seed: 1 });
  expect(task).toMatchObject({ name: "mine/animals", access: "private", classes: 3 });
  expect(task.classNames).toEqual(["10", "ant", "zebra"]);
  expect(task.source).toBe("folder of images");
  expect(counts(task)).toEqual([
    [1, 3, 6], // train
    [1, 1, 2],
    [1, 1, 2],
  ]);
  expect(new Set(allRows(task)).size).toBe(18); // every image is somewhere, once
  expect(task.splits.train).toMatchObject({ height: 4, width: 4, channels: 3 });
  expect(task.splits.train.pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test("the name is that of the folder below mine/, the size 32 and the shares a fifth where nothing is said", async () => {
  const folder = join(newFolder(), "leaves");
  writeClasses(folder, { oak: 10, elm: 10 });
  const task = await folderTask(`${folder}/`, { access: "public" });
  expect(task).toMatchObject({ name: "mine/leaves", access: "public" });
  expect(task.splits.train).toMatchObject({ count: 12, height: 32, width: 32 });
  expect(task.splits.validation.count).toBe(4);
});

test("images keep their class: a row's label is the folder its pixels lie in", async () => {
  const folder = newFolder();
  for (const [name, value] of [
    ["dark", 10],
    ["light", 200],
  ] as const)
    for (let i = 0; i < 5; i++)
      writeFiles(folder, {
        [`${name}/${i}.png`]: png({ width: 4, height: 4 }, new Uint8Array(48).fill(value + i)),
      });
  for (const images of Object.values((await load(folder)).splits))
    for (let i = 0; i < images.count; i++) expect(images.pixels[i * 48]! >= 200).toBe(images.labels[i] === 1);
});

test("shares can be chosen, and a class keeps at least one image in every split", async () => {
  const folder = classes({ a: 10, b: 3 });
  expect(counts(await load(folder, { validation: 0.1, test: 0.5 }))).toEqual([
    [4, 1],
    [1, 1],
    [5, 1],
  ]);
  expect(counts(await load(folder, { validation: 0.49, test: 0.49 }))).toEqual([
    [1, 1],
    [4, 1],
    [5, 1],
  ]);
});

test("a class of one or two images only trains, and that is reported", async () => {
  const notes: string[] = [];
  const task = await load(classes({ common: 5, rare: 2 }), {
    name: "mine/x",
    onNote: (note) => notes.push(note),
  });
  expect(counts(task)).toEqual([[3, 2], [1], [1]]);
  expect(task.source).toBe("folder of images, 1 of 2 classes too small to be tested");
  expect(notes).toEqual([
    "mine/x: 1 class has too few images to be validated and tested (rare); the scores don't cover them.",
  ]);
});

test("given splits are kept, whichever of its names validation has", async () => {
  for (const validation of ["validation", "val", "valid"]) {
    const given = classes({
      "train/a": 4,
      "train/b": 5,
      [`${validation}/a`]: 1,
      [`${validation}/b`]: 2,
      "test/a": 3,
      "test/b": 1,
    });
    const task = await load(given);
    expect(task.classNames).toEqual(["a", "b"]);
    expect(counts(task)).toEqual([
      [4, 5],
      [1, 2],
      [3, 1],
    ]);
  }
});

test("a split that is not given is drawn from train", async () => {
  const tested = classes({ "train/a": 5, "train/b": 10, "test/a": 3, "test/b": 3 });
  expect(counts(await load(tested))).toEqual([
    [4, 8],
    [1, 2],
    [3, 3],
  ]);
  const validated = classes({ "train/a": 5, "train/b": 10, "val/a": 3, "val/b": 3 });
  expect(counts(await load(validated))).toEqual([
    [4, 8],
    [3, 3],
    [1, 2],
  ]);
});

test("train and test may be classes too, where images lie directly in them", async () => {
  expect((await load(classes({ train: 3, bus: 3, test: 3 }))).classNames).toEqual(["bus", "test", "train"]);
});

test("the same files and seed give the same task, whatever the folder's name and the order of writing", async () => {
  const [first, second] = [newFolder(), join(newFolder(), "other")];
  writeClasses(first, { a: 6, b: 6 });
  for (const name of ["b", "a"])
    for (let i = 5; i >= 0; i--) {
      mkdirSync(join(second, name), { recursive: true });
      linkSync(join(first, name, `${i}.png`), join(second, name, `${i}.png`));
    }
  const [one, again] = [await load(first, { seed: 7 }), await load(second, { seed: 7 })];
  expect(again.splits).toEqual(one.splits);
  expect(again.fingerprint).toBe(one.fingerprint);
  expect((await load(first, { seed: 8 })).fingerprint).not.toBe(one.fingerprint);
  expect((await load(first, { seed: 7, imageSize: 5 })).fingerprint).not.toBe(one.fingerprint);
});

test("a class that grows does not move the images of another", async () => {
  const folder = classes({ a: 8, b: 8 });
  const ofA = ({ splits }: Task) =>
    [splits.validation, splits.test].map((images) =>
      rows(images)
        .filter((row) => row.startsWith("0:"))
        .sort(),
    );
  const before = ofA(await load(folder));
  writeFiles(folder, { "b/more.png": patternPng(4, 900) });
  expect(ofA(await load(folder))).toEqual(before);
});

test("hidden entries, other files and links are left out and counted", async () => {
  const folder = classes({ a: 3, b: 3 });
  writeFiles(folder, {
    ".DS_Store": "",
    "readme.txt": "",
    "a/.hidden.png": "",
    "a/notes.txt": "",
    ".ipynb_checkpoints/x.png": "",
    "__MACOSX/a/._0.png": "",
    "loose.png": "",
  });
  const task = await load(folder);
  expect(task.classNames).toEqual(["a", "b"]);
  expect(task.source).toBe("folder of images, 7 other files ignored");
});

test("links are not followed unless that is asked for, wherever they lead", async () => {
  const outside = classes({ secret: 4 });
  const folder = classes({ a: 3, b: 3 });
  symlinkSync(join(outside, "secret", "0.png"), join(folder, "a", "9.png"));
  symlinkSync(join(outside, "secret"), join(folder, "c"));
  symlinkSync("..", join(folder, "b", "up.png"));
  const task = await load(folder);
  expect(task.classNames).toEqual(["a", "b"]);
  expect(allRows(task)).toHaveLength(6);
  expect(task.source).toBe("folder of images, 3 other files ignored");

  const linked = classes({ a: 3, b: 0 });
  symlinkSync(join(outside, "secret", "0.png"), join(linked, "b", "0.png"));
  await expect(load(linked)).rejects.toMatchObject({
    code: "data/empty-class",
    message: expect.stringContaining("(links, which are not followed: 1; followLinks"),
  });
});

test("endings may be upper case, and the bytes say what an image is", async () => {
  const folder = classes({ a: 3, b: 3 });
  renameSync(join(folder, "a/0.png"), join(folder, "a/0.JPG"));
  expect((await load(folder)).splits.train.count).toBe(2);
});

test("progress goes up to the last image", async () => {
  const seen: FolderProgress[] = [];
  await load(classes({ a: 60, b: 40 }), { name: "n", onProgress: (progress) => seen.push(progress) });
  expect(seen).toEqual([
    { task: "n", doing: "decoding", done: 64, total: 100 },
    { task: "n", doing: "decoding", done: 100, total: 100 },
  ]);
});

test.each<[what: string, counts: Record<string, number>, code: string, message: RegExp]>([
  ["an empty folder", {}, "no-classes", /no class folders; images directly in it: 0/],
  ["images without classes", { ".": 3 }, "no-classes", /no class folders; images directly in it: 3/],
  ["one class", { cat: 5 }, "one-class", /only one class, "cat"/],
  ["one class in splits", { "train/cat": 5, "test/cat": 5 }, "one-class", /only one class, "cat"/],
  ["an empty class", { cat: 5, dog: 0 }, "empty-class", /dog has no images \(it is empty\)/],
  [
    "an empty class in a split",
    { "train/a": 5, "train/b": 5, "test/a": 1, "test/b": 0 },
    "empty-class",
    /test.b has no/,
  ],
  [
    "too few images",
    { a: 2, b: 2 },
    "too-few-images",
    /too few images to draw validation.*has 2, but needs 3/,
  ],
  [
    "too few in train",
    { "train/a": 1, "train/b": 1, "test/a": 1, "test/b": 1 },
    "too-few-images",
    /has 1, but needs 2/,
  ],
  [
    "splits beside classes",
    { "train/a": 3, "train/b": 3, cat: 3 },
    "folder-layout",
    /train holds class folders, but cat does not/,
  ],
  ["unlabelled test images", { "train/a": 3, "train/b": 3, test: 3 }, "folder-layout", /but test does not/],
  ["images beside class folders", { "train/a": 3, "train/b": 3, train: 3 }, "folder-layout", /side by side/],
  [
    "a folder in a class",
    { a: 3, b: 3, "b/more": 3 },
    "folder-layout",
    /b: a class folder that holds the folder more/,
  ],
  [
    "two validations",
    { "train/a": 1, "val/a": 1, "validation/a": 1 },
    "folder-layout",
    /val and validation are both/,
  ],
  ["no train", { "test/a": 1, "test/b": 1 }, "folder-layout", /it has test but no train/],
  [
    "a class that is not tested",
    { "train/a": 3, "train/b": 3, "test/a": 3 },
    "folder-layout",
    /class b, but test does not/,
  ],
  [
    "a class that is not trained",
    { "train/a": 3, "train/b": 3, "val/a": 1, "val/b": 1, "val/c": 1 },
    "folder-layout",
    /val has the class c/,
  ],
])("%s is refused with what to do", async (_, layout, code, message) => {
  await expect(load(classes(layout))).rejects.toMatchObject({
    code: `data/${code}`,
    message: expect.stringMatching(message),
  });
});

test("a folder that is not there, is a file or may not be read says so", async () => {
  const folder = newFolder();
  await expect(load(join(folder, "absent"))).rejects.toMatchObject({
    code: "data/folder-missing",
    message: expect.stringMatching(/There is nothing at .*absent.*one folder of images/),
  });
  writeFiles(folder, { file: "" });
  await expect(load(join(folder, "file"))).rejects.toMatchObject({
    code: "data/not-images",
    message: expect.stringContaining("is a file of another kind. A task is a folder"),
  });
});

test.skipIf(process.getuid?.() === 0)("a class that may not be read is an error", async () => {
  const folder = classes({ a: 3, b: 3 });
  chmodSync(join(folder, "b"), 0);
  await expect(load(folder)).rejects.toMatchObject({ code: "data/folder-missing" });
  chmodSync(join(folder, "b"), 0o700);
});

test("every bad image is listed, in order, and beyond twenty counted", async () => {
  const folder = classes({ a: 20, b: 30 });
  for (const name of ["a/3", "a/9", "b/2", "b/11"]) writeFiles(folder, { [`${name}.png`]: "no image" });
  writeFiles(folder, { "b/4.png": patternPng(4, 0).subarray(0, 40) });
  const failures = new Set<string>();
  for (let i = 0; i < 3; i++)
    await load(folder).catch(({ code, message }) => failures.add(`${code} ${message}`));
  expect(failures.size).toBe(1);
  const lines = [...failures][0]!.split("\n");
  expect(lines[0]).toBe(`data/bad-images ${folder}: 5 of 50 images can't be used:`);
  expect(lines.slice(1, 6).map((line) => /[ab].\d+\.png: .*;/.exec(line)?.[0])).toEqual([
    "a/3.png: not an image of a kind that is read;",
    "a/9.png: not an image of a kind that is read;",
    "b/11.png: not an image of a kind that is read;",
    "b/2.png: not an image of a kind that is read;",
    "b/4.png: 40 bytes without its end (it is cut off);",
  ]);
  for (let i = 0; i < 25; i++) writeFiles(folder, { [`b/${i}.png`]: "no image" });
  const error = await load(folder).catch((reason) => reason);
  expect(error.message).toMatch(/27 of 50 images can't be used/);
  expect(error.message).toMatch(/… and 7 more/);
  expect(error.message.split("\n")).toHaveLength(23);
});

test.each<[Partial<FolderTaskOptions>, RegExp]>([
  [{ imageSize: 0 }, /imageSize is 0, but must be a whole number/],
  [{ imageSize: 32.5 }, /imageSize is 32.5/],
  [{ imageSize: 1e6 }, /imageSize is 1000000/],
  [{ validation: 0 }, /share of validation images is 0/],
  [{ test: Number.NaN }, /share of test images is NaN/],
  [{ validation: 0.5, test: 0.5 }, /together is 1, but must be below 1/],
  [{ seed: -1 }, /seed is -1/],
  [{ name: " " }, /name of the task/],
  [{ name: "cmaterdb/bangla" }, /a name of its own/],
])("the options %o are refused before anything is read", async (options, message) => {
  await expect(load("nowhere", options)).rejects.toMatchObject({
    code: "options/not-valid",
    message: expect.stringMatching(message),
  });
});
