// Sets out of pinned files, and the worker that decodes them.

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeInWorker } from "../../src/data/decode-client.js";
import type { SetSource } from "../../src/data/obtain.js";
import { readSet } from "../../src/data/read-set.js";
import { fingerprint, sharedImages } from "../../src/data/rows.js";
import { gathered } from "../support/gathered.js";
import { idx, zip } from "../support/records.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-set-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const expected = { count: 3, classes: 4, height: 2, width: 2, channels: 1 };
const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 9);
const archive = zip(
  {
    "gzip/x-train-images-idx3-ubyte.gz": gzipSync(idx([3, 2, 2], pixels)),
    "gzip/x-train-labels-idx1-ubyte.gz": gzipSync(idx([3], Uint8Array.of(3, 1, 2))),
    "gzip/other": new Uint8Array(100_000), // so that the directory is not all that is read
  },
  0,
);

/** The archive on disk, pinned by `pinned`'s hash. */
async function source(stem: string, bytes = archive, pinned = bytes) {
  const path = join(folder, "gzip.zip");
  await writeFile(path, bytes);
  const sha256 = createHash("sha256").update(pinned).digest("hex");
  const file = { path: "gzip.zip", sha256, bytes: bytes.length };
  return {
    kind: "pinned",
    format: { kind: "zipped-idx", stem },
    files: [{ file, path }],
  } satisfies SetSource;
}

test("two members of a large archive are a set, on disk or in memory", async () => {
  const onDisk = await source("gzip/x-train");
  const inMemory = { ...onDisk, files: [{ ...onDisk.files[0]!, bytes: archive }] };
  for (const from of [onDisk, inMemory]) {
    const rows = gathered(3, 4);
    await readSet(from, expected, rows);
    expect(rows.pixels).toEqual(pixels);
    expect([...rows.labels]).toEqual([3, 1, 2]);
  }
});

test("an archive that is not the published one is refused before it is read, and a missing member is named", async () => {
  const other = Uint8Array.from(archive);
  other[70_000]! ^= 1;
  await expect(
    readSet(await source("gzip/x-train", other, archive), expected, gathered(3, 4)),
  ).rejects.toMatchObject({
    code: "data/checksum",
  });
  await expect(readSet(await source("gzip/y-train"), expected, gathered(3, 4))).rejects.toThrow(
    "no member gzip/y-train-labels-idx1-ubyte.gz",
  );
});

test("members that hold more than the set give their beginning, and are still read to their end", async () => {
  const { files, format } = await source("gzip/x-train");
  const first = { ...expected, count: 2 };
  const rows = gathered(2, 4);
  await readSet({ kind: "pinned", files, format: { ...format, holds: 3 } }, first, rows);
  expect(rows.pixels).toEqual(pixels.subarray(0, 8));
  expect([...rows.labels]).toEqual([3, 1]);
  const reading = readSet({ kind: "pinned", files, format: { ...format, holds: 4 } }, first, rows);
  await expect(reading).rejects.toThrow("unsigned bytes [3]; expected idx, unsigned bytes [4]");
});

const splits = () => ({
  train: sharedImages(1, 2, 2, 1),
  validation: sharedImages(1, 2, 2, 1),
  test: sharedImages(1, 2, 2, 1),
});

test("a worker puts the rows into shared memory and says what they hash to", async () => {
  const images = splits();
  const parts = [
    { images: images.train, rows: Int32Array.of(2) },
    { images: images.validation, rows: Int32Array.of(0) },
    { images: images.test, rows: Int32Array.of(1) },
  ];
  const sets = [{ source: await source("gzip/x-train"), expected, parts }];
  const found = await decodeInWorker({ sets, splits: images, cacheDir: folder }, () => {});
  expect([...images.train.pixels]).toEqual([...pixels.subarray(8)]);
  expect([images.train.labels[0], images.validation.labels[0], images.test.labels[0]]).toEqual([2, 3, 1]);
  expect(found).toBe(fingerprint(images));
});

test("what the worker finds wrong arrives as the error that it is, and a failing worker as data/decode-failed", async () => {
  const images = splits();
  const parts = [{ images: images.train, rows: Int32Array.of(0) }];
  const sets = [{ source: await source("gzip/none"), expected, parts }];
  await expect(decodeInWorker({ sets, splits: images, cacheDir: folder }, () => {})).rejects.toMatchObject({
    code: "data/bad-file",
    name: "MulabError",
  });
  const broken = [{ source: { kind: "tfds" } as SetSource, expected, parts }];
  await expect(
    decodeInWorker({ sets: broken, splits: images, cacheDir: folder }, () => {}),
  ).rejects.toMatchObject({
    code: "data/decode-failed",
  });
});
