// The structure of a zip archive, independent of where its bytes are (in memory, or in a file read in pieces). The central
// directory is authoritative, every member's bytes are checked against its CRC-32, and headers are not trusted with
// allocations: a member can't declare more bytes than deflate could have packed into the file. No zip64, no encryption, no
// writing.

import { constants, crc32, inflateRawSync } from "node:zlib";
import { inflateSync } from "fflate";
import { badFile } from "../../core/errors/index.js";

/** The directory's entry for a member. */
export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  /** Unpacked size in bytes, as declared. */
  readonly size: number;
  /** Offset of the member's own header. */
  readonly local: number;
}

/** Where the directory is. */
export interface ZipEnd {
  readonly count: number;
  readonly start: number;
  readonly size: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MOST_COMMENT = 0xffff;
const LOCAL_SIZE = 30;
const STORED = 0;
const DEFLATED = 8;
const DEFLATE_LIMIT = 1032; // the most bytes that one packed byte can expand to
const MOST_BYTES = 2 ** 31; // a member; keeps a hostile file from taking the whole memory

/** Bytes at the end of a file that must include its end record. */
export const ZIP_TAIL = END_SIZE + MOST_COMMENT;

const WHOLE = "a whole zip archive";
const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Reads the end record in `tail`, the last bytes of a file of `fileSize`. Throws data/bad-file; `path` is for messages. */
export function readZipEnd(tail: Uint8Array, fileSize: number, path: string): ZipEnd {
  const view = viewOf(tail);
  const at = findEnd(view);
  if (at === undefined) throw badFile(path, `no end of a zip directory in its ${fileSize} bytes`, WHOLE);
  const end = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    start: view.getUint32(at + 16, true),
  };
  if (end.start + end.size !== fileSize - tail.length + at)
    throw badFile(path, "its directory is not where its end says", WHOLE);
  return end;
}

/** Offset of the end record: the one whose comment reaches exactly to the end of the file. */
function findEnd(view: DataView): number | undefined {
  const last = view.byteLength - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at--)
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  return undefined;
}

/** The members that a directory lists, by name. Throws data/bad-file. */
export function readZipEntries(
  directory: Uint8Array,
  count: number,
  path: string,
): ReadonlyMap<string, ZipEntry> {
  const view = viewOf(directory);
  const bad = (found: string) => badFile(path, found, WHOLE);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== CENTRAL)
      throw bad(`entry ${i} of its directory is damaged`);
    const after = at + 46 + view.getUint16(at + 28, true);
    const next = after + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > directory.length) throw bad(`entry ${i} of its directory is cut off`);
    const name = latin1(directory.subarray(at + 46, after));
    if (entries.has(name)) throw bad(`two members named ${name}`);
    entries.set(name, {
      name,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      local: view.getUint32(at + 42, true),
    });
    at = next;
  }
  if (at !== directory.length) throw bad("bytes of no entry in its directory");
  return entries;
}

const refusal = (path: string, name: string) => (found: string, expected: string) =>
  badFile(`${path} (${name})`, found, expected);

/** Throws data/bad-file if a member can't be unpacked, judging by its entry alone. */
export function checkZipEntry({ name, flags, method, size, packedSize }: ZipEntry, path: string): void {
  const bad = refusal(path, name);
  if (flags & 1) throw bad("encrypted", "a plain member");
  if (method !== STORED && method !== DEFLATED)
    throw bad(`packed by method ${method}`, "stored or deflated bytes");
  if (size > MOST_BYTES || size > packedSize * DEFLATE_LIMIT + DEFLATE_LIMIT)
    throw bad(
      `declares ${size} bytes unpacked from ${packedSize}`,
      `at most ${MOST_BYTES} and what deflate can pack`,
    );
}

/** Bytes of a member's own header up to its name. */
export const localHeaderSize = ({ name }: ZipEntry): number => LOCAL_SIZE + name.length;

/** Where a member's bytes begin, of a file whose directory is at `limit`; `header` is at `entry.local`. Throws data/bad-file. */
export function zipDataStart(header: Uint8Array, entry: ZipEntry, limit: number, path: string): number {
  const bad = refusal(path, entry.name);
  const view = viewOf(header);
  if (entry.local + LOCAL_SIZE > limit || header.length < LOCAL_SIZE || view.getUint32(0, true) !== LOCAL)
    throw bad("no header where the directory says", WHOLE);
  const nameEnd = LOCAL_SIZE + view.getUint16(26, true);
  if (nameEnd !== localHeaderSize(entry) || latin1(header.subarray(LOCAL_SIZE, nameEnd)) !== entry.name)
    throw bad("another name in its own header", "the name of the directory");
  const start = entry.local + nameEnd + view.getUint16(28, true);
  if (start + entry.packedSize > limit) throw bad("its bytes are cut off", WHOLE);
  return start;
}

/** A member, unpacked and checked. Throws data/bad-file if its size or checksum differs from the declared one. */
export function unpackZipEntry(entry: ZipEntry, packed: Uint8Array, path: string): Uint8Array {
  const { name, method, size, crc } = entry;
  const bad = refusal(path, name);
  const unpacked = method === STORED ? packed : inflate(packed, size, bad);
  if (unpacked.length !== size) throw bad(`${unpacked.length} bytes`, `${size} bytes`);
  if (crc32(unpacked) !== crc) throw bad("bytes that do not match their checksum", "undamaged bytes");
  return unpacked;
}

/** The first bytes of a member whose packed bytes begin with `packed`; unchecked, and none where they are damaged. */
export function unpackZipStart({ method }: ZipEntry, packed: Uint8Array): Uint8Array {
  if (method === STORED) return packed;
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}

/** Unpacks into a buffer with one byte more than declared, so that a longer stream is noticed. */
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
