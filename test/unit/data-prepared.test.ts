// Datasets that another tool prepared: where they are looked for, and a whole task out of one.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { taskNamed } from "../../src/data/catalog/catalog.js";
import type { PublishedTask } from "../../src/data/catalog-entry.js";
import { listTasks } from "../../src/data/listing.js";
import { findPrepared } from "../../src/data/prepared.js";
import { loadTask } from "../../src/data/tasks.js";
import { png } from "../support/images.js";
import { example, tfrecord } from "../support/records.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-prepared-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const places = () => ({ dataDir: join(folder, "data"), cacheDir: join(folder, "cache") });

async function put(...paths: string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(folder, "data", path)), { recursive: true });
    await writeFile(join(folder, "data", path), "");
  }
}

const find = async (name: string) => {
  const found = await findPrepared(taskNamed(name) as PublishedTask, places());
  return (
    found &&
    Object.fromEntries(
      [...found].map(([set, { kind, files }]) => [
        set,
        [kind, ...files.map((file) => file.slice(folder.length + 6))],
      ]),
    )
  );
};

test("TensorFlow Datasets' own folder serves as it is, the newest version of it", async () => {
  await put("eurosat/rgb/1.9.0/eurosat-train.tfrecord-00000-of-00001");
  await put(...["0", "1"].map((i) => `eurosat/rgb/2.0.0/eurosat-train.tfrecord-0000${i}-of-00002`));
  expect(await find("eurosat")).toEqual({
    train: [
      "tfds",
      "eurosat/rgb/2.0.0/eurosat-train.tfrecord-00000-of-00002",
      "eurosat/rgb/2.0.0/eurosat-train.tfrecord-00001-of-00002",
    ],
  });
});

test("a set may come from another dataset", async () => {
  await put(
    "cifar10/3.0.2/cifar10-train.tfrecord-00000-of-00001",
    "cifar10/3.0.2/cifar10-test.tfrecord-00000-of-00001",
  );
  expect(await find("cifar10")).toBeUndefined();
  await put("cifar10_1/v4/1.1.0/cifar10_1-test.tfrecord-00000-of-00001");
  expect((await find("cifar10"))!.cifar10_1).toEqual([
    "tfds",
    "cifar10_1/v4/1.1.0/cifar10_1-test.tfrecord-00000-of-00001",
  ]);
});

test("Parquet files are found as hubs lay them out, but not for labels that they can't hold", async () => {
  await put("cifar100/data/train-00000-of-00001.parquet", "cifar100/data/test-00000-of-00001-ab12.parquet");
  expect(await find("cifar100")).toMatchObject({
    train: ["parquet", "cifar100/data/train-00000-of-00001.parquet"],
  });
  await put(
    "dtd/train/0000.parquet",
    "dtd/validation/0000.parquet",
    "dtd/test/0000.parquet",
    "dtd/test/0001.parquet",
  );
  expect((await find("dtd"))!.test).toEqual(["parquet", "dtd/test/0000.parquet", "dtd/test/0001.parquet"]);
  await put("clevr/train.parquet", "clevr/validation.parquet");
  expect(await find("clevr/count_all")).toBeUndefined();
});

test("a missing file of a split is reported, not passed over", async () => {
  await put("eurosat/rgb/2.0.0/eurosat-train.tfrecord-00001-of-00002");
  await expect(find("eurosat")).rejects.toMatchObject({
    code: "data/bad-file",
    message: expect.stringContaining("expected all files of train, once"),
  });
});

test("a set whose files are not all there is listed as unusable with what is wrong, and the others as ever", async () => {
  await put("cifar10/train-00000-of-00002.parquet");
  const listings = await listTasks(places());
  const cifar = listings.find(({ task }) => task.name === "cifar10")!;
  expect(cifar).toMatchObject({ state: "absent", usable: false });
  expect(cifar.note).toContain("train-00000-of-00002.parquet; expected all files of train, once");
  expect(cifar.warning).toBe(cifar.note);
  expect(listings.find(({ task }) => task.name === "cmaterdb/bangla")).toMatchObject({ usable: true });
  const load = loadTask(
    { name: "cifar10", access: "public" },
    { seed: 0, validation: 0.2, places: places() },
  );
  await expect(load).rejects.toMatchObject({ code: "data/bad-file" });
});

/** 1,020 images of one grey, which says its row; labels count through the classes. */
const flowers = (first: number) =>
  tfrecord(
    Array.from({ length: 1020 }, (_, i) =>
      example({
        image: { bytes: [png({ width: 2, height: 2, color: 0 }, Uint8Array.of(i >> 8, i & 255, first, 7))] },
        label: { ints: [i % 102] },
      }),
    ),
  );

test("a prepared dataset is a task: slices count in the files' order, the rest is shuffled", async () => {
  const base = join(folder, "data", "visual_domain_decathlon", "vgg-flowers", "1.2.0");
  await mkdir(base, { recursive: true });
  for (const [i, split] of ["train", "validation"].entries())
    await writeFile(join(base, `visual_domain_decathlon-${split}.tfrecord-00000-of-00001`), flowers(i));
  const load = (limit?: number) =>
    loadTask(
      { name: "decathlon/vgg-flowers", access: "public" },
      { seed: 3, validation: 0.2, offline: true, places: places(), imageSize: 2, limit },
    );
  const task = await load();
  expect(task).toMatchObject({
    classes: 102,
    source: "visual_domain_decathlon/vgg-flowers (TensorFlow Datasets)",
  });
  const rowsOf = (split: "train" | "validation" | "test") => {
    const { pixels, count, labels } = task.splits[split];
    return Array.from({ length: count }, (_, i) => {
      const row = pixels[i * 12]! * 256 + pixels[i * 12 + 3]!;
      expect([labels[i], pixels[i * 12 + 6]]).toEqual([row % 102, split === "train" ? 0 : 1]);
      return row;
    });
  };
  const sorted = (rows: number[]) => [...rows].sort((a, b) => a - b);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  expect(sorted(rowsOf("train"))).toEqual(range(0, 1020));
  expect(sorted(rowsOf("validation"))).toEqual(range(0, 510));
  expect(sorted(rowsOf("test"))).toEqual(range(510, 1020));
  expect(rowsOf("train")).not.toEqual(range(0, 1020));

  const limited = await load(20);
  expect(limited.splits.train.pixels).toEqual(task.splits.train.pixels.slice(0, 240));
  // Read again out of the decoded copies.
  expect((await load()).fingerprint).toBe(task.fingerprint);
  expect(
    (await listTasks(places())).find((listing) => listing.task.name === "decathlon/vgg-flowers")!.state,
  ).toBe("prepared");
});

test("more images than memory holds are refused before a file is opened", async () => {
  await put(
    "clevr/3.1.0/clevr-train.tfrecord-00000-of-00001",
    "clevr/3.1.0/clevr-validation.tfrecord-00000-of-00001",
  );
  const load = loadTask(
    { name: "clevr/count_all", access: "public" },
    { seed: 0, validation: 0.2, places: places(), mostBytes: 2 ** 31 },
  );
  await expect(load).rejects.toMatchObject({
    code: "data/too-many-images",
    message:
      'The 85000 images of task "clevr/count_all" take 11.9 GiB decoded, more than a task may use on this machine. Use fewer with --set limit=4755 (images per split).',
  });
});

test("the listing says beforehand which tasks need a limit on a machine, and which don't", async () => {
  const warnings = async (mostBytes: number) =>
    Object.fromEntries(
      (await listTasks(places(), mostBytes)).map(({ task, warning }) => [task.name, warning]),
    );
  const small = await warnings(2 ** 31);
  expect(small["decathlon/imagenet12"]).toMatch(
    /^needs --set limit=\d+ on this machine: 18\.6 GiB decoded in all$/,
  );
  expect(small.mnist).toBeUndefined();
  expect(small["decathlon/svhn"]).toBeUndefined();
  // No machine is large enough for a split of more than 4 GiB.
  expect((await warnings(2 ** 40))["decathlon/imagenet12"]).toContain(
    `limit=${Math.floor((2 ** 32 - 1) / (72 * 72 * 3))} `,
  );
});
