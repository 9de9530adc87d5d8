// A strict reader of zip archives, enough for .npz, omniglot and EMNIST: the central directory is the truth, every
// member's bytes are checked against its CRC-32, and nothing is allocated on a header's word alone: a member can't
// declare more bytes than deflate could have packed into what the file holds. Members are read one at a time, so an
// archive may be larger than memory. No zip64, no encryption, no writing.

import { crc32 } from "node:zlib";
import { inflateSync } from "fflate";
import { badFile } from "../../core/errors.js";
import type { OpenFile } from "../source-file.js";

export interface ZipMember {
  readonly name: string;
  /** Unpacked size in bytes, as declared. */
  readonly size: number;
  /** Unpacks the member; throws data/bad-file where size or checksum are not as declared. */
  read(): Uint8Array;
}

/** What the directory says of a member. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where its own header begins in the archive. */
  readonly local: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LOCAL_SIZE = 30;
const MOST_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const DEFLATE_LIMIT = 1032; // the most bytes that one packed byte can stand for
const MOST_BYTES = 2 ** 31; // a member; keeps a hostile file from taking the whole memory
const MOST_DIRECTORY = 2 ** 26; // bytes of a directory that is read into memory

/** The members of the archive `bytes` by name; `path` is for messages. */
export function readZip(bytes: Uint8Array, path: string): ReadonlyMap<string, ZipMember> {
  const { entries, start } = readDirectory(bytes, 0, path);
  const members = new Map<string, ZipMember>();
  for (const entry of entries.values())
    members.set(entry.name, {
      name: entry.name,
      size: entry.size,
      read: () => {
        checkEntry(entry, path);
        return unpack(entry, bytes.subarray(entry.local, start), path);
      },
    });
  return members;
}

/** One member of an archive of any size, unpacked; throws data/bad-file where there is none of that name. */
export async function readZipMember(file: OpenFile, name: string): Promise<Uint8Array> {
  const { path, size } = file;
  const end = Math.min(size, END_SIZE + MOST_COMMENT);
  const tail = await file.read(size - end, end);
  const at = findEnd(tail);
  const start = at === undefined ? size - end : viewOf(tail).getUint32(at + 16, true);
  if (size - start > MOST_DIRECTORY || start > size)
    throw badFile(path, `a directory of ${size - start} bytes`, `at most ${MOST_DIRECTORY}`);
  const directory = readDirectory(await file.read(start, size - start), start, path);
  const entry = directory.entries.get(name);
  if (!entry) throw badFile(path, `no member ${name}`, "the published archive");
  checkEntry(entry, path);
  const most = LOCAL_SIZE + 2 * MOST_COMMENT + entry.packedSize;
  const region = Math.max(0, Math.min(most, directory.start - entry.local));
  return unpack(entry, await file.read(Math.min(entry.local, size), region), path);
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The entries of a directory that lies at the end of `tail`, which itself begins at `offset` of the archive. */
function readDirectory(
  tail: Uint8Array,
  offset: number,
  path: string,
): { entries: ReadonlyMap<string, Entry>; start: number } {
  const view = viewOf(tail);
  const bad = (found: string) => badFile(path, found, "a whole zip archive");
  const end = findEnd(tail);
  if (end === undefined) throw bad(`no end of a zip directory in its ${offset + tail.length} bytes`);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  if (start < offset || start + view.getUint32(end + 12, true) !== offset + end)
    throw bad("its directory is not where its end says");

  const entries = new Map<string, Entry>();
  let at = start - offset;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL)
      throw bad(`entry ${i} of its directory is damaged`);
    const after = at + 46 + view.getUint16(at + 28, true);
    const next = after + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (next > end) throw bad(`entry ${i} of its directory is cut off`);
    const name = Buffer.from(tail.subarray(at + 46, after)).toString("latin1");
    if (entries.has(name)) throw bad(`two members named ${name}`);
    entries.set(name, entryAt(view, at, name));
    at = next;
  }
  if (at !== end) throw bad("bytes of no entry in its directory");
  return { entries, start };
}

/** Offset of the end record: the one whose comment reaches exactly to the end of the file. */
function findEnd(tail: Uint8Array): number | undefined {
  const view = viewOf(tail);
  const last = tail.length - END_SIZE;
  for (let at = last; at >= Math.max(0, last - MOST_COMMENT); at--)
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  return undefined;
}

const entryAt = (view: DataView, at: number, name: string): Entry => ({
  name,
  flags: view.getUint16(at + 8, true),
  method: view.getUint16(at + 10, true),
  crc: view.getUint32(at + 16, true),
  packedSize: view.getUint32(at + 20, true),
  size: view.getUint32(at + 24, true),
  local: view.getUint32(at + 42, true),
});

/** Refuses what can't be unpacked before room is made for it. */
function checkEntry({ name, flags, method, size, packedSize }: Entry, path: string): void {
  const bad = (found: string, expected: string) => badFile(`${path} (${name})`, found, expected);
  if (flags & 1) throw bad("encrypted", "a plain member");
  if (method !== STORED && method !== DEFLATED)
    throw bad(`packed by method ${method}`, "stored or deflated bytes");
  if (size > MOST_BYTES || size > packedSize * DEFLATE_LIMIT + DEFLATE_LIMIT)
    throw bad(
      `declares ${size} bytes unpacked from ${packedSize}`,
      `at most ${MOST_BYTES} and what deflate can pack`,
    );
}

/** The member's bytes; `region` begins with its own header and ends where its bytes must have ended. */
function unpack(entry: Entry, region: Uint8Array, path: string): Uint8Array {
  const { name, method, size, packedSize, crc } = entry;
  const bad = (found: string, expected = "a whole zip archive") =>
    badFile(`${path} (${name})`, found, expected);
  const view = viewOf(region);
  if (region.length < LOCAL_SIZE || view.getUint32(0, true) !== LOCAL)
    throw bad("no header where the directory says");
  const nameEnd = LOCAL_SIZE + view.getUint16(26, true);
  const start = nameEnd + view.getUint16(28, true);
  if (Buffer.from(region.subarray(LOCAL_SIZE, nameEnd)).toString("latin1") !== name)
    throw bad("another name in its own header", "the name of the directory");
  if (start + packedSize > region.length) throw bad("its bytes are cut off");
  const packed = region.subarray(start, start + packedSize);
  const unpacked = method === STORED ? packed : inflate(packed, size, bad);
  if (unpacked.length !== size) throw bad(`${unpacked.length} bytes`, `${size} bytes`);
  if (crc32(unpacked) !== crc) throw bad("bytes that do not match their checksum", "undamaged bytes");
  return unpacked;
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
