// MNIST's format: what is read, and the errors of files that are something else.

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readIdx } from "../../src/data/formats/idx.js";
import { gathered } from "../support/gathered.js";
import { idx } from "../support/records.js";

const expected = { count: 3, classes: 5, height: 2, width: 2, channels: 1 };
const pixels = Uint8Array.from({ length: 12 }, (_, i) => i * 20);
const images = idx([3, 2, 2], pixels);
const labels = idx([3], Uint8Array.of(4, 0, 2));

async function read(imageBytes: Uint8Array, labelBytes = labels, wants = (_row: number) => true) {
  const rows = gathered(3, 4, wants);
  await readIdx(
    { path: "images.gz", bytes: imageBytes },
    { path: "labels.gz", bytes: labelBytes },
    expected,
    rows,
  );
  return rows;
}

test("images and labels come out as they went in, plain or gzip", async () => {
  for (const pack of [(bytes: Uint8Array) => bytes, gzipSync]) {
    const rows = await read(pack(images), pack(labels));
    expect(rows.pixels).toEqual(pixels);
    expect([...rows.labels]).toEqual([4, 0, 2]);
  }
});

test("only wanted rows are put", async () => {
  expect((await read(gzipSync(images), labels, (row) => row === 1)).order).toEqual([1]);
});

test.each([
  [
    "another shape",
    idx([3, 2, 3], new Uint8Array(18)),
    "unsigned bytes [3, 2, 3]; expected idx, unsigned bytes [3, 2, 2]",
  ],
  ["another count", idx([4, 2, 2], new Uint8Array(16)), "unsigned bytes [4, 2, 2]"],
  ["sides of 2^31", idx([3, 2 ** 31, 2 ** 31], new Uint8Array(4)), "[3, 2147483648, 2147483648]"],
  ["another type", idx([3, 2, 2], new Uint8Array(96), 0x0d), "type 0xd"],
  ["no magic number", Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), "no idx header"],
  ["nothing", new Uint8Array(0), "no idx header"],
  ["too few bytes", images.slice(0, -1), "27 bytes unpacked; expected 28"],
  ["too many bytes", Buffer.concat([images, Buffer.of(0)]), "bytes after its values"],
  ["a header that is cut off", images.slice(0, 9), "idx of 3 dimensions, or cut off"],
])("%s is reported with what was expected", async (_, bytes, message) => {
  for (const file of [bytes, gzipSync(bytes)])
    await expect(read(file)).rejects.toMatchObject({
      code: "data/bad-file",
      message: expect.stringContaining(message),
    });
});

test("gzip that is cut off, damaged or has more behind it is reported", async () => {
  const packed = gzipSync(images);
  for (let length = 2; length < packed.length; length++)
    await expect(read(packed.subarray(0, length))).rejects.toMatchObject({ code: "data/bad-file" });
  await expect(read(Buffer.concat([packed, packed]))).rejects.toThrow("bytes after its values");
});

test("a gzip bomb is not unpacked beyond what the task needs", async () => {
  // 1 GiB of zeros behind the images, in a megabyte.
  const zeros = gzipSync(new Uint8Array(2 ** 26), { level: 9 });
  const bomb = Buffer.concat([gzipSync(images), ...Array.from({ length: 16 }, () => zeros)]);
  const before = process.memoryUsage.rss();
  await expect(read(bomb)).rejects.toThrow("bytes after its values");
  expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 27);
});

test("a label outside the classes is named with its image", async () => {
  await expect(read(images, idx([3], Uint8Array.of(0, 5, 0)))).rejects.toMatchObject({
    code: "task/label-out-of-range",
    message: "labels.gz: image 1 has label 5, but the task has 5 classes (labels 0…4).",
  });
});
