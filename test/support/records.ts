// Makes idx files, zips and TFRecord files of tf.train.Examples for tests, well formed or wrong in one chosen way.

import { zipSync } from "fflate";
import { maskedCrc32c } from "../../src/data/formats/crc32c.js";

/** An idx file of bytes. */
export function idx(shape: readonly number[], bytes: Uint8Array, type = 8): Uint8Array {
  const file = Buffer.alloc(4 + 4 * shape.length + bytes.length);
  file.set([0, 0, type, shape.length]);
  shape.forEach((side, i) => {
    file.writeUInt32BE(side, 4 + 4 * i);
  });
  file.set(bytes, 4 + 4 * shape.length);
  return new Uint8Array(file);
}

/** A zip of whole files. */
export const zip = (files: Readonly<Record<string, Uint8Array>>, level: 0 | 9 = 9): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, bytes]) => [name, [bytes, { level, mtime: "1980-01-01" }]]),
    ),
  );

/** A TFRecord file. */
export const tfrecord = (records: readonly Uint8Array[]): Buffer => Buffer.concat(records.map(framed));

function framed(record: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(record.length));
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedCrc32c(record));
  return Buffer.concat([head, record, tail]);
}

export type ExampleFields = Readonly<
  Record<
    string,
    | { readonly bytes: readonly Uint8Array[] }
    | { readonly ints: readonly number[] }
    | { readonly floats: readonly number[] }
  >
>;

/** A tf.train.Example, numbers packed as TensorFlow writes them. */
export function example(fields: ExampleFields): Uint8Array {
  const entries = Object.entries(fields).map(([name, field]) => {
    const list =
      "bytes" in field
        ? message(1, Buffer.concat(field.bytes.map((bytes) => message(1, bytes))))
        : "ints" in field
          ? message(3, message(1, Buffer.concat(field.ints.map(varint))))
          : message(2, message(1, Buffer.from(Float32Array.from(field.floats).buffer)));
    return message(1, Buffer.concat([message(1, Buffer.from(name)), message(2, list)]));
  });
  return message(1, Buffer.concat(entries));
}

/** A length-delimited field. */
export const message = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

/** A varint; negative numbers take ten bytes. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}
