// A strict reader of zip archives in memory, enough for .npz: the central directory is the truth, every member's
// bytes are checked against its CRC-32, and nothing is allocated on a header's word alone: a member can't declare
// more bytes than deflate could have packed into what the file holds. No zip64, no encryption, no writing.

import { crc32 } from "node:zlib";
import { inflateSync } from "fflate";
import { badFile } from "../../core/errors.js";

export interface ZipMember {
  readonly name: string;
  /** Unpacked size in bytes, as declared. */
  readonly size: number;
  /** Unpacks the member; throws data/bad-file where size or checksum are not as declared. */
  read(): Uint8Array;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MOST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const DEFLATE_LIMIT = 1032; // the most bytes that one packed byte can stand for
const MOST_BYTES = 2 ** 31; // a member; keeps a hostile file from taking the whole memory

/** The members of the archive `bytes` by name; `path` is for messages. */
export function readZip(bytes: Uint8Array, path: string): ReadonlyMap<string, ZipMember> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bad = (found: string, expected = "a whole zip archive") => badFile(path, found, expected);
  const end = findEnd(view);
  if (end === undefined) throw bad(`no end of a zip directory in its ${bytes.length} bytes`);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (start + size !== end) throw bad("its directory is not where its end says");

  const members = new Map<string, ZipMember>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw bad(`entry ${i} of its directory is damaged`);
    const after = at + 46 + view.getUint16(at + 28, true);
    const next = after + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw bad(`entry ${i} of its directory is cut off`);
    const name = Buffer.from(bytes.subarray(at + 46, after)).toString("latin1");
    if (members.has(name)) throw bad(`two members named ${name}`);
    members.set(name, member(bytes, view, at, start, name, path));
    at = next;
  }
  if (at !== end) throw bad("bytes of no entry in its directory");
  return members;
}

/** Offset of the end record: the one whose comment reaches exactly to the end of the file. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at--)
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  return undefined;
}

function member(
  bytes: Uint8Array,
  view: DataView,
  entry: number,
  limit: number,
  name: string,
  path: string,
): ZipMember {
  const flags = view.getUint16(entry + 8, true);
  const method = view.getUint16(entry + 10, true);
  const crc = view.getUint32(entry + 16, true);
  const packedSize = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  const bad = (found: string, expected: string) => badFile(`${path} (${name})`, found, expected);
  return {
    name,
    size,
    read() {
      if (flags & 1) throw bad("encrypted", "a plain member");
      if (method !== STORED && method !== DEFLATED)
        throw bad(`packed by method ${method}`, "stored or deflated bytes");
      if (size > MOST_BYTES || size > packedSize * DEFLATE_LIMIT + DEFLATE_LIMIT)
        throw bad(
          `declares ${size} bytes unpacked from ${packedSize}`,
          `at most ${MOST_BYTES} and what deflate can pack`,
        );
      if (local + 30 > limit || view.getUint32(local, true) !== LOCAL)
        throw bad("no header where the directory says", "a whole zip archive");
      const nameEnd = local + 30 + view.getUint16(local + 26, true);
      const start = nameEnd + view.getUint16(local + 28, true);
      if (Buffer.from(bytes.subarray(local + 30, nameEnd)).toString("latin1") !== name)
        throw bad("another name in its own header", "the name of the directory");
      if (start + packedSize > limit) throw bad("its bytes are cut off", "a whole zip archive");
      const packed = bytes.subarray(start, start + packedSize);
      const unpacked = method === STORED ? packed : inflate(packed, size, bad);
      if (unpacked.length !== size) throw bad(`${unpacked.length} bytes`, `${size} bytes`);
      if (crc32(unpacked) !== crc) throw bad("bytes that do not match their checksum", "undamaged bytes");
      return unpacked;
    },
  };
}

/** Unpacks into room for one byte more than declared, so that a longer stream shows. */
function inflate(
  packed: Uint8Array,
  size: number,
  bad: (found: string, expected: string) => Error,
): Uint8Array {
  try {
    return inflateSync(packed, { out: new Uint8Array(size + 1) });
  } catch (error) {
    throw bad(`damaged deflate data (${error instanceof Error ? error.message : error})`, "undamaged bytes");
  }
}
