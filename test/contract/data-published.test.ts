// The published files themselves, where MULAB_DATA holds them: counts, class balance, what the sets have in common.
// Without the files every test is skipped, and the console says which.

import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Task } from "../../src/core/task.js";
import { parseNpy } from "../../src/data/formats/npy.js";
import { readParquet } from "../../src/data/formats/parquet.js";
import { readTfds } from "../../src/data/formats/tfds.js";
import { readZip } from "../../src/data/formats/zip.js";
import { listTasks } from "../../src/data/listing.js";
import { overlapOf } from "../../src/data/overlap.js";
import type { Sink } from "../../src/data/sink.js";
import { SPLITS } from "../../src/data/splits.js";
import { loadTask } from "../../src/data/tasks.js";
import { gathered } from "../support/gathered.js";

const folder = process.env.MULAB_DATA ?? "";
const here = new Set(
  (await listTasks()).filter(({ state }) => state !== "absent").map(({ task }) => task.name),
);
const wanted = ["mnist", "kmnist/first7000", "omniglot", "omniglot/clean", "cmaterdb/bangla"];
const missing = wanted.filter((name) => !here.has(name));
if (missing.length > 0)
  console.warn(`NOT TESTED, because MULAB_DATA does not hold their files: ${missing.join(", ")}`);

const having = (name: string) => describe.skipIf(!here.has(name));
const load = (name: string, validation = 0.05) =>
  loadTask({ name, access: "public" }, { seed: 0, validation, offline: true });

/** How often each label occurs in the splits. */
function counts(task: Task, splits: readonly (keyof Task["splits"])[]): number[] {
  const found = new Array<number>(task.classes).fill(0);
  for (const split of splits) for (const label of task.splits[split].labels) found[label]! += 1;
  return found;
}

having("mnist")("mnist", () => {
  test("has the published number of each digit, in train and validation together and in test", async () => {
    const task = await load("mnist");
    expect(counts(task, ["train", "validation"])).toEqual([
      5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]);
    expect(counts(task, ["test"])).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    expect((await overlapOf(task)).map(({ images }) => images)).toEqual([0, 0, 0]);
  });
});

const REAL_FORMS = {
  "TensorFlow Datasets' folder of 2021, in the older spelling of features.json": {
    file: "mnist-tfds/mnist/3.0.1/mnist-test.tfrecord-00000-of-00001",
    read: (file: string, sink: Sink) =>
      readTfds({ files: [file], split: "test", label: { feature: "label" }, times: 1 }, DIGITS, sink),
  },
  "a hub's Parquet file": {
    file: "mnist-parquet/mnist/test-00000-of-00001.parquet",
    read: (file: string, sink: Sink) =>
      readParquet({ files: [file], label: "label", times: 1 }, DIGITS, sink),
  },
} as const;
const DIGITS = { count: 10_000, classes: 10, height: 28, width: 28, channels: 1 };

describe.each(Object.entries(REAL_FORMS))("mnist as %s", (name, { file, read }) => {
  const path = join(folder, file);
  const isHere = existsSync(path) && here.has("mnist");
  if (!isHere) console.warn(`NOT TESTED, because MULAB_DATA does not hold mnist and ${file}: ${name}`);

  test.skipIf(!isHere)("has every test image of the published files once, with its label", async () => {
    const rows = gathered(10_000, 784);
    await read(path, rows);
    const keys = (pixels: Uint8Array, labels: ArrayLike<number>) =>
      Array.from(
        labels,
        (label, i) => `${label} ${hash("md5", pixels.subarray(784 * i, 784 * (i + 1)))}`,
      ).sort();
    const { pixels, labels } = (await load("mnist")).splits.test;
    expect(keys(rows.pixels, rows.labels)).toEqual(keys(pixels, labels));
  });
});

having("kmnist/first7000")("kmnist", () => {
  test("the first 7,000 images are of the classes that they are said to be", async () => {
    const task = await load("kmnist/first7000");
    expect(counts(task, ["train", "validation"])).toEqual([690, 689, 695, 698, 755, 707, 688, 707, 672, 699]);
    expect(counts(task, ["test"])).toEqual(new Array(10).fill(1000));
  });

  test.skipIf(!existsSync(join(folder, "kmnist/kmnist-test-imgs.npz")))(
    "the test images are those of the set's other form, npz",
    async () => {
      const path = join(folder, "kmnist/kmnist-test-imgs.npz");
      const other = parseNpy(readZip(readFileSync(path), path).get("arr_0.npy")!.read(), path);
      expect(other.shape).toEqual([10_000, 28, 28]);
      const known = new Set<string>();
      const imageAt = (bytes: Uint8Array, i: number) =>
        Buffer.from(bytes.subarray(i * 784, (i + 1) * 784)).toString("base64");
      for (let i = 0; i < 10_000; i++) known.add(imageAt(other.bytes, i));
      const { pixels } = (await load("kmnist/first7000")).splits.test;
      for (let i = 0; i < 10_000; i++) expect(known.has(imageAt(pixels, i))).toBe(true);
    },
  );
});

having("omniglot")("omniglot", () => {
  test("as published, every validation and test image is a training image with the same label", async () => {
    const task = await load("omniglot");
    expect(SPLITS.map((split) => task.splits[split].count)).toEqual([19_280, 2720, 3120]);
    expect(new Set(counts(task, ["train"]))).toEqual(new Set([0, 20]));
    expect(counts(task, ["train"]).filter((count) => count === 20)).toHaveLength(964);
    expect(await overlapOf(task)).toEqual([
      { split: "validation", total: 2720, within: "train", images: 2720, sameLabel: 2720 },
      { split: "test", total: 3120, within: "train", images: 3120, sameLabel: 3120 },
      { split: "test", total: 3120, within: "validation", images: 1000, sameLabel: 1000 },
    ]);
  });

  test.each(["small1", "small2"])("%s's files are background's, byte for byte", (name) => {
    const archive = (file: string) => readZip(readFileSync(join(folder, "omniglot", file)), file);
    const background = archive("images_background.zip");
    const small = [...archive(`images_background_${name}.zip`)].filter(([path]) => path.endsWith(".png"));
    expect(small.length).toBe(name === "small1" ? 2720 : 3120);
    for (const [path, member] of small) {
      const twin = background.get(path.replace(`images_background_${name}`, "images_background"));
      expect(Buffer.compare(member.read(), twin!.read())).toBe(0);
    }
  });

  test("of drawings one bit deep only ink and ground come: 0 and 255, a twentieth of it ink", async () => {
    const { pixels } = (
      await loadTask(
        { name: "omniglot", access: "public" },
        { seed: 0, validation: 0.2, offline: true, limit: 200 },
      )
    ).splits.train;
    let ink = 0;
    for (const byte of pixels) {
      if (byte !== 0 && byte !== 255) throw new Error(`a byte ${byte}`);
      if (byte === 0) ink += 1;
    }
    expect(ink / pixels.length).toBeGreaterThan(0.03);
    expect(ink / pixels.length).toBeLessThan(0.1);
  });
});

having("omniglot/clean")("omniglot/clean", () => {
  test("no image is on two sides, and every character is on all three", async () => {
    for (const seed of [0, 1]) {
      const task = await loadTask(
        { name: "omniglot/clean", access: "public" },
        { seed, validation: 0.2, offline: true },
      );
      expect((await overlapOf(task)).map(({ images }) => images)).toEqual([0, 0, 0]);
      expect(new Set(counts(task, ["train"]))).toEqual(new Set([14, 13]));
      for (const split of ["validation", "test"] as const)
        expect(new Set(counts(task, [split]))).toEqual(new Set([3]));
    }
  });
});

having("cmaterdb/bangla")("cmaterdb", () => {
  test.each([
    ["bangla", 500, 7],
    ["devanagari", 250, 14],
    ["telugu", 250, 3],
  ])("%s: classes are even, and %i × 10 training images hold %i of the test images", async (script, each, twins) => {
    const task = await load(`cmaterdb/${script}`, 0.2);
    expect(counts(task, ["train", "validation"])).toEqual(new Array(10).fill(each));
    expect(counts(task, ["test"])).toEqual(new Array(10).fill(each / 5));
    const [, inTrain, inValidation] = await overlapOf(task);
    expect(inTrain!.images + inValidation!.images).toBe(twins);
  });
});
