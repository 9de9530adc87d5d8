// Parquet files that pyarrow wrote, read here: the same pixels and labels; and the errors of others.

import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readParquet } from "../../src/data/formats/parquet.js";
import { unpackSnappy } from "../../src/data/formats/snappy.js";
import { gathered } from "../support/gathered.js";

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/parquet/${name}.parquet`, import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-parquet-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Shape {
  readonly count: number;
  readonly size: number;
  readonly channels?: number;
  readonly classes?: number;
  readonly label?: string;
  readonly wants?: (row: number) => boolean;
}

async function read(files: readonly string[], shape: Shape) {
  const { count, size, channels = 3, classes = 5, label = "label", wants } = shape;
  const rows = gathered(count, size * size * channels, wants);
  const expected = { count, classes, height: size, width: size, channels };
  await readParquet({ files, label, times: 1 }, expected, rows);
  return rows;
}

/** What make_parquet_fixture.py draws. */
const drawn = (i: number, size: number, channels: number): Uint8Array =>
  Uint8Array.from({ length: size * size * channels }, (_, at) => {
    const c = at % channels;
    const x = Math.floor(at / channels) % size;
    const y = Math.floor(at / channels / size);
    return (y * 7 + x * 13 + i * 29 + c * 50) % 256;
  });

test.each([
  ["grey-snappy", 10, 1],
  ["colour-v2-checksums", 10, 3],
  ["brotli", 3, 3],
])("%s: pixels and labels as pyarrow was given them", async (name, count, channels) => {
  const rows = await read([fixture(name)], { count, size: 6, channels });
  for (let i = 0; i < count; i++)
    expect(rows.pixels.subarray(i * 36 * channels, (i + 1) * 36 * channels)).toEqual(drawn(i, 6, channels));
  expect([...rows.labels]).toEqual(Array.from({ length: count }, (_, i) => i % 5));
  expect(rows.order).toEqual(Array.from({ length: count }, (_, i) => i));
});

test("jpegs of gzip pages are decoded to about what was drawn", async () => {
  const { pixels } = await read([fixture("jpeg-gzip")], { count: 5, size: 12, channels: 1 });
  const truth = drawn(4, 12, 1);
  const found = pixels.subarray(4 * 144);
  const error = truth.reduce((sum, value, i) => sum + Math.abs(value - found[i]!), 0) / truth.length;
  expect(error).toBeLessThan(6);
});

test("several files are one set, and a row group without wanted rows is not read", async () => {
  const files = [fixture("grey-snappy"), fixture("grey-snappy")];
  const rows = await read(files, {
    count: 20,
    size: 6,
    channels: 1,
    wants: (row) => row === 3 || row === 18,
  });
  expect(rows.order).toEqual([3, 18]);
  expect(rows.labels[18]).toBe(3);
});

test("another count, other classes, columns, kinds of image and packings are reported", async () => {
  const grey = { count: 10, size: 6, channels: 1 };
  await expect(read([fixture("grey-snappy")], { ...grey, count: 9 })).rejects.toThrow(
    "10 rows up to row group 1; expected 9",
  );
  await expect(read([fixture("grey-snappy")], { ...grey, count: 11 })).rejects.toThrow(
    "10 rows in all files; expected 11",
  );
  await expect(read([fixture("grey-snappy")], { ...grey, classes: 7 })).rejects.toThrow(
    "5 classes; expected 7",
  );
  await expect(read([fixture("grey-snappy")], { ...grey, label: "other" })).rejects.toThrow(
    "columns image/bytes, image/path, label; expected image (bytes, path) and other",
  );
  await expect(read([fixture("colour-v2-checksums")], { ...grey })).rejects.toThrow("a coloured image");
  await expect(read([fixture("zstd")], { count: 3, size: 6 })).rejects.toThrow(
    "pages packed by ZSTD; expected snappy, gzip, brotli or plain pages",
  );
});

test("a page that does not match its checksum is an error", async () => {
  const flipped = readFileSync(fixture("colour-v2-checksums"));
  flipped[flipped.indexOf("IDAT") + 8]! ^= 4;
  const path = join(folder, "flipped.parquet");
  await writeFile(path, flipped);
  await expect(read([path], { count: 10, size: 6 })).rejects.toThrow(
    "row group 0, img/bytes: a page that does not match its checksum",
  );
});

test("a file cut off anywhere, and one with a footer of 2^31 bytes, is an error", async () => {
  const whole = readFileSync(fixture("grey-snappy"));
  const path = join(folder, "short.parquet");
  for (let length = 0; length < whole.length; length += 61) {
    await writeFile(path, whole.subarray(0, length));
    await expect(read([path], { count: 10, size: 6, channels: 1 })).rejects.toMatchObject({
      code: "data/bad-file",
    });
  }
  const absurd = Buffer.from(whole);
  absurd.writeUInt32LE(2 ** 31, absurd.length - 8);
  await writeFile(path, absurd);
  await expect(read([path], { count: 10, size: 6, channels: 1 })).rejects.toThrow(
    "a footer of 2147483648 bytes",
  );
});

test("snappy: literals and overlapping copies of every kind, and no step beyond either buffer", () => {
  const text = (packed: number[], size: number) => {
    const bytes = unpackSnappy(Uint8Array.from(packed), size);
    return bytes && Buffer.from(bytes).toString();
  };
  expect(text([3, 2 << 2, 97, 98, 99], 3)).toBe("abc");
  expect(text([8, 0, 97, (3 << 2) | 1, 1], 8)).toBe("aaaaaaaa");
  expect(text([5, 0, 97, (3 << 2) | 2, 1, 0], 5)).toBe("aaaaa");
  expect(text([5, 0, 97, (3 << 2) | 3, 1, 0, 0, 0], 5)).toBe("aaaaa");
  expect(text([3, 60 << 2, 2, 97, 98, 99], 3)).toBe("abc");
  expect(text([4, 2 << 2, 97, 98, 99], 4)).toBeUndefined(); // too short
  expect(text([3, 2 << 2, 97, 98], 3)).toBeUndefined(); // cut off
  expect(text([5, 0, 97, (3 << 2) | 2, 2, 0], 5)).toBeUndefined(); // from before the beginning
  expect(text([5, 0, 97, (3 << 2) | 2, 0, 0], 5)).toBeUndefined(); // from itself
  expect(text([3, 63 << 2, 255, 255, 255, 255, 97], 3)).toBeUndefined(); // 4 GiB of literals
  expect(text([255, 255, 255, 255, 15, 0, 97], 1)).toBeUndefined();
});
