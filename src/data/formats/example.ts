// tf.train.Example, the protocol buffer in a TFRecord: a map of features, each a list of byte strings, floats or whole
// numbers. Strict: a length that reaches beyond its message, or a field of an impossible kind, is an error.
// https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/example/feature.proto

import { badFile } from "../../core/errors/index.js";

export type Feature = readonly Uint8Array[] | readonly number[];
export type Features = ReadonlyMap<string, Feature>;

const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];

/** The features of an Example; `where` is for messages. Throws data/bad-file. */
export function parseExample(bytes: Uint8Array, where: string): Features {
  const features = new Map<string, Feature>();
  const bad = (found: string) => badFile(where, found, "a tf.train.Example");
  for (const example of fields(bytes, bad))
    if (example.number === 1)
      for (const entry of fields(example.bytes(), bad))
        if (entry.number === 1) {
          const [name, feature] = parseEntry(entry.bytes(), bad);
          features.set(name, feature);
        }
  return features;
}

type Bad = (found: string) => Error;

function parseEntry(bytes: Uint8Array, bad: Bad): [string, Feature] {
  let name = "";
  let feature: Feature = [];
  for (const field of fields(bytes, bad)) {
    if (field.number === 1) name = Buffer.from(field.bytes()).toString("utf8");
    if (field.number === 2)
      for (const list of fields(field.bytes(), bad)) feature = parseList(list.number, list.bytes(), bad);
  }
  return [name, feature];
}

/** A list of kind 1 (byte strings), 2 (floats) or 3 (whole numbers); numbers are packed or one a field. */
function parseList(kind: number, bytes: Uint8Array, bad: Bad): Feature {
  const strings: Uint8Array[] = [];
  const numbers: number[] = [];
  for (const field of fields(bytes, bad)) {
    if (field.number !== 1) continue;
    if (kind === 1) strings.push(field.bytes());
    else if (kind === 2) pushFloats(field.raw(), numbers, bad);
    else if (field.wire === VARINT) numbers.push(field.value);
    else {
      const packed = field.bytes();
      for (let at = 0; at < packed.length; ) {
        const [value, next] = varint(packed, at, bad);
        numbers.push(value);
        at = next;
      }
    }
  }
  return kind === 1 ? strings : numbers;
}

function pushFloats(bytes: Uint8Array, into: number[], bad: Bad): void {
  if (bytes.length % 4 !== 0) throw bad(`${bytes.length} bytes of floats`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4) into.push(view.getFloat32(at, true));
}

interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of a varint. */
  readonly value: number;
  /** Of any other kind. */
  raw(): Uint8Array;
  /** The bytes of a field that must be a string or message; throws if it is not. */
  bytes(): Uint8Array;
}

function* fields(message: Uint8Array, bad: Bad): Generator<Field> {
  for (let at = 0; at < message.length; ) {
    const [tag, start] = varint(message, at, bad);
    const wire = tag & 7;
    const number = Math.floor(tag / 8);
    let from = start;
    let to = start;
    let value = 0;
    if (wire === VARINT) [value, to] = varint(message, start, bad);
    else if (wire === FIXED64) to = start + 8;
    else if (wire === FIXED32) to = start + 4;
    else if (wire === BYTES) {
      const [length, after] = varint(message, start, bad);
      from = after;
      to = after + length;
    } else throw bad(`a field of wire type ${wire}`);
    // A 64-bit length may be negative, and then the walk would never end.
    if (number <= 0 || to < from || to > message.length)
      throw bad(`field ${number} reaches beyond its message`);
    const raw = () => message.subarray(from, to);
    const bytes = () => {
      if (wire !== BYTES) throw bad(`field ${number} of wire type ${wire}`);
      return raw();
    };
    yield { number, wire, value, raw, bytes };
    at = to;
  }
}

/** A whole number of up to 64 bits, two's complement, and the position after it. Beyond 2^53 it is rounded; no label or length comes near that. */
function varint(bytes: Uint8Array, at: number, bad: Bad): [number, number] {
  let low = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) break;
    if (i === 0 && byte < 128) return [byte, at + 1]; // most numbers
    low |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return [Number(BigInt.asIntN(64, low)), at + i + 1];
  }
  throw bad("a number that does not end");
}
