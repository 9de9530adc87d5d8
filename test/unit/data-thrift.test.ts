// Thrift before it is parsed: what promises more than its bytes hold is refused, whatever a parser would make of it.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFooter } from "../../src/data/formats/parquet-footer.js";
import { checkStruct } from "../../src/data/formats/thrift.js";
import { openFile } from "../../src/data/source-file.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const LIST = 9;
/** A list of `count` elements of a type, its length as a varint of five bytes. */
const listHead = (count: number, type: number) => [
  0xf0 | type,
  ...[0, 7, 14, 21].map((shift) => ((count >>> shift) & 0x7f) | 0x80),
  count >>> 28,
];

/** A whole Parquet file of little but a footer. */
async function fileOf(footer: readonly number[]): Promise<string> {
  const path = join(newFolder(), "x.parquet");
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  await writeFile(
    path,
    Buffer.concat([Buffer.from("PAR1"), Buffer.from(footer), length, Buffer.from("PAR1")]),
  );
  return path;
}

test("a footer of 137 bytes whose lists promise millions of values costs no memory", async () => {
  const lists = Array.from({ length: 20 }, () => listHead(2 ** 25 - 1, LIST)).flat();
  const footer = [0x29, ...lists]; // field 2, a list, of lists of lists …
  const file = await openFile(await fileOf([...footer, ...Array(125 - footer.length).fill(0)]));
  expect(file.size).toBe(137);
  const before = process.memoryUsage().rss;
  await expect(readFooter(file)).rejects.toMatchObject({
    code: "data/bad-file",
    message: expect.stringContaining("a damaged footer (a list of 33554431 values in"),
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  await file.close();
});

test.each<[string, readonly number[], RegExp]>([
  ["a text beyond the end", [0x18, 100, 1, 0], /reaches beyond its end/],
  ["no end", [0x15, 2], /ends in the middle/],
  ["a number that does not end", [0x15, ...Array(11).fill(0xff)], /does not end/],
  ["structs inside each other", Array(100).fill(0x1c), /inside each other 32 times/],
  [
    "more values than any data set has",
    [0x19, ...listHead(2 ** 21, 3), ...Array(2 ** 21).fill(0), 0],
    /more than 1048576 values/,
  ],
  ["a map", [0x1b, 0, 0], /a map/],
  ["a type that there is not", [0x1d, 0], /type 13/],
])("%s is refused", (_, bytes, message) => {
  expect(() => checkStruct(Uint8Array.from(bytes))).toThrow(message);
});

test("values of every kind pass, and lists of as many elements as there are", () => {
  const all = [
    0x11,
    0x12,
    0x13,
    7,
    0x14,
    2,
    0x15,
    2,
    0x16,
    0x80,
    1,
    0x17,
    ...Array(8).fill(0),
    0x18,
    2,
    65,
    66,
    0x19,
    0x21,
    1,
    2,
    0x19,
    0x1c,
    0x15,
    2,
    0,
    0x05,
    40,
    2,
    0,
  ];
  expect(() => checkStruct(Uint8Array.from([9, 9, ...all]), 2)).not.toThrow();
});
