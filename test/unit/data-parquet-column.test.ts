// A column of a Parquet file that would unpack to more than memory takes.

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { badFile } from "../../src/core/errors/index.js";
import { decodeColumn } from "../../src/data/formats/parquet-column.js";
import { varint } from "../support/records.js";

/** A page header in Thrift's compact form: fields of whole numbers, one of them a struct of such. */
const i32 = (delta: number, value: number) => Buffer.concat([Buffer.of(delta * 16 + 5), varint(value * 2)]);
const struct = (delta: number, ...fields: readonly Buffer[]) =>
  Buffer.concat([Buffer.of(delta * 16 + 12), ...fields, Buffer.of(0)]);

const [DATA, DICTIONARY] = [0, 2];

function page(packed: Uint8Array, unpacked: number, values: number, type = DATA): Buffer {
  const about =
    type === DATA
      ? struct(2, i32(1, values), i32(1, 0), i32(1, 3), i32(1, 3))
      : struct(4, i32(1, values), i32(1, 0));
  return Buffer.concat([i32(1, type), i32(1, unpacked), i32(1, packed.length), about, Buffer.of(0), packed]);
}

const MIB = 2 ** 20;
/** 64 MiB of zeros in 64 kB, whose first four bytes are one value of no bytes. */
const zeros = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
const chunk = { type: "BYTE_ARRAY", codec: "GZIP", optionalLevels: 0 };
const bad = (found: string, expected = "a whole Parquet file") => badFile("x.parquet", found, expected);

test("small pages that unpack to more than 1 GiB are refused, and no more than a page is held on the way", () => {
  const bytes = Buffer.concat(Array.from({ length: 20 }, () => page(zeros, 64 * MIB, 1)));
  expect(bytes.length).toBeLessThan(2 * MIB);
  const before = process.memoryUsage.rss();
  let most = 0;
  const read: unknown[] = [];
  const readAll = () => {
    for (const value of decodeColumn(bytes, chunk, 20, bad)) {
      read.push((value as Uint8Array).length);
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
  };
  expect(readAll).toThrow(
    `pages that unpack to ${17 * 64 * MIB} bytes and more; expected at most ${2 ** 30}`,
  );
  expect(read).toEqual(new Array(16).fill(0));
  expect(most).toBeLessThan(512 * MIB);
});

test("a dictionary of more values than there are rows is refused before it is unpacked", () => {
  const bytes = page(zeros, 64 * MIB, 16 * MIB, DICTIONARY);
  expect(() => [...decodeColumn(bytes, chunk, 5, bad)]).toThrow(
    `a dictionary of ${16 * MIB} values; expected at most 5`,
  );
});
