// Damage of any kind to a published file is an error that a person can act on, or makes no difference: never a crash, never
// other images, and no more memory than the task needs.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import { parseExample } from "../../src/data/formats/example.js";
import { readIdx } from "../../src/data/formats/idx.js";
import { readOmniglot } from "../../src/data/formats/omniglot.js";
import { readParquet } from "../../src/data/formats/parquet.js";
import { unpackSnappy } from "../../src/data/formats/snappy.js";
import { readTfds } from "../../src/data/formats/tfds.js";
import { readZipMember } from "../../src/data/formats/zip.js";
import { openBytes } from "../../src/data/source-file.js";
import { gathered } from "../support/gathered.js";
import { patternPng, png } from "../support/images.js";
import { example, idx, tfrecord, zip } from "../support/records.js";

interface Format {
  readonly whole: Uint8Array;
  /** The result of reading the bytes; the same object for the same images. */
  read(bytes: Uint8Array): Promise<unknown>;
  /** A format without a checksum over everything: other labels or pixels may come of a flipped bit. */
  readonly unchecked?: boolean;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-fuzz-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function onDisk<T>(bytes: Uint8Array, read: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, `${files++}`);
  await writeFile(path, bytes);
  try {
    return await read(path);
  } finally {
    await rm(path);
  }
}

const grey = { classes: 5, height: 4, width: 4, channels: 1 };
const color = { count: 4, classes: 3, height: 4, width: 4, channels: 3 };
const labelFile = { path: "labels", bytes: idx([4], Uint8Array.of(0, 1, 2, 3)) };
const images = idx(
  [4, 4, 4],
  Uint8Array.from({ length: 64 }, (_, i) => i * 3),
);
const drawing = (i: number) => png({ width: 4, height: 4, color: 0 }, new Uint8Array(16).fill(i * 40));
const archive = zip({
  "s/A/character01/0001_01.png": drawing(1),
  "s/A/character01/0001_02.png": drawing(2),
  "s/B/character01/0002_01.png": drawing(3),
});

async function readIdxGz(bytes: Uint8Array) {
  const rows = gathered(4, 16);
  await readIdx({ path: "images", bytes }, labelFile, { ...grey, count: 4 }, rows);
  return { pixels: rows.pixels, labels: rows.labels };
}

async function readDrawings(bytes: Uint8Array) {
  const rows = gathered(3, 16);
  readOmniglot({ path: "o.zip", bytes }, { ...grey, count: 3 }, rows);
  return { pixels: rows.pixels, labels: rows.labels };
}

const readRecords = (bytes: Uint8Array) =>
  onDisk(bytes, async (path) => {
    const rows = gathered(4, 48);
    await readTfds({ files: [path], split: "train", label: { feature: "label" }, times: 1 }, color, rows);
    return { pixels: rows.pixels, labels: rows.labels };
  });

const readTable = (count: number, size: number, channels: number) => (bytes: Uint8Array) =>
  onDisk(bytes, async (path) => {
    const rows = gathered(count, size * size * channels);
    const expected = { count, classes: 5, height: size, width: size, channels };
    await readParquet({ files: [path], label: "label", times: 1 }, expected, rows);
    return { pixels: rows.pixels, labels: rows.labels };
  });

const parquet = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../oracle/fixtures/parquet/${name}.parquet`, import.meta.url)));

const records = Array.from({ length: 4 }, (_, i) =>
  example({ image: { bytes: [patternPng(4, i)] }, label: { ints: [i % 3] } }),
);

const FORMATS: Readonly<Record<string, Format>> = {
  "idx, gzip": { whole: gzipSync(images), read: readIdxGz },
  "omniglot's zip": { whole: archive, read: readDrawings },
  "a member of a large zip": {
    whole: archive,
    read: (bytes) => readZipMember(openBytes({ path: "l.zip", bytes }), "s/B/character01/0002_01.png"),
  },
  TFRecord: { whole: tfrecord(records), read: readRecords },
  "Parquet with checksums": {
    whole: parquet("colour-v2-checksums"),
    read: readTable(10, 6, 3),
    unchecked: true, // the footer has none
  },
  "Parquet, snappy": { whole: parquet("grey-snappy"), read: readTable(10, 6, 1), unchecked: true },
  "Parquet, gzip": { whole: parquet("jpeg-gzip"), read: readTable(5, 12, 1), unchecked: true },
};

describe.each(Object.entries(FORMATS))("%s", (_, { whole, read, unchecked }) => {
  async function sameOrError(bytes: Uint8Array): Promise<void> {
    let found: unknown;
    try {
      found = await read(bytes);
    } catch (error) {
      if (error instanceof MulabError) return;
      throw error;
    }
    if (!unchecked) expect(found).toEqual(await read(whole));
  }

  test("flipped bits are found out or make no difference", async () => {
    const bits = fc.array(fc.nat(whole.length * 8 - 1), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(bits, async (flips) => {
        const bytes = Uint8Array.from(whole);
        for (const bit of flips) bytes[bit >> 3]! ^= 1 << (bit & 7);
        await sameOrError(bytes);
      }),
      { numRuns: 300 },
    );
  });

  test("overwritten, doubled and dropped stretches are found out or make no difference", async () => {
    const change = fc.record({
      at: fc.nat(whole.length - 1),
      length: fc.integer({ min: 1, max: 64 }),
      kind: fc.constantFrom("ones", "zeros", "double", "drop"),
    });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, length, kind }) => {
        const [before, part, after] = [
          whole.subarray(0, at),
          whole.subarray(at, at + length),
          whole.subarray(at + length),
        ];
        const middle = { ones: part.map(() => 255), zeros: part.map(() => 0), drop: part.subarray(0, 0) };
        const bytes =
          kind === "double" ? [before, part, part, after] : [before, middle[kind as "ones"], after];
        await sameOrError(Buffer.concat(bytes));
      }),
      { numRuns: 200 },
    );
  });

  test("a file cut off anywhere is an error", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
        await expect(read(Uint8Array.from(whole.subarray(0, length)))).rejects.toBeInstanceOf(MulabError);
      }),
      { numRuns: 100 },
    );
  });

  test("any bytes at all are an error, not a crash", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await expect(read(bytes)).rejects.toBeInstanceOf(MulabError);
      }),
      { numRuns: 100 },
    );
  });
});

test("whatever a tf.train.Example is damaged to, it is parsed or an error", () => {
  const whole = example({
    image: { bytes: [Uint8Array.of(1, 2, 3)] },
    label: { ints: [1, 300, -5] },
    boxes: { floats: [0.5, 1.5] },
  });
  const overwrite = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(overwrite, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Uint8Array.from(whole);
      for (const { at, byte } of changes) bytes[at] = byte;
      try {
        parseExample(bytes, "here");
      } catch (error) {
        if (!(error instanceof MulabError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

test("snappy gives exactly as many bytes as asked for, or nothing, whatever it is given", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(300), (packed, size) => {
      const bytes = unpackSnappy(packed, size);
      expect(bytes === undefined || bytes.length === size).toBe(true);
    }),
    { numRuns: 3000 },
  );
});
