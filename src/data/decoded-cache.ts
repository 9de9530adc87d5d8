// Sets that take long to decode are kept decoded in the user's cache. A file's name is derived from its sources: the sha-256
// of the published files, this format's version and how they were read. It ends with the sha-256 of everything before, which
// is checked before any byte is used: a damaged file is removed and made again.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { makeFolder } from "../disk/atomic.js";
import { namesIn } from "../disk/listing.js";
import { partPath, removeAbandonedParts } from "../disk/part-file.js";
import type { Sink } from "./sink.js";
import type { Expected } from "./source-file.js";

/** Increases whenever the decoded bytes or the format of this file change. */
const VERSION = 1;
/** Bytes of rows that are packed at once. */
const BLOCK = 2 ** 20;
const HASH = 32;

/** The cache file of a set made from `parts`; its name begins with `prefix`. */
export function decodedPath(cacheDir: string, parts: unknown, prefix = ""): string {
  const key = createHash("sha256")
    .update(JSON.stringify([VERSION, parts]))
    .digest("hex");
  return join(cacheDir, "decoded", `${prefix}${key}.images`);
}

/** Removes other files with the same prefix ("own-<path>-"): earlier versions of a folder of images. */
export async function removeOtherVersions(path: string): Promise<void> {
  const prefix = /^own-[0-9a-f]{16}-/.exec(basename(path))?.[0];
  if (prefix === undefined) return;
  try {
    for (const name of await namesIn(dirname(path)))
      if (name.startsWith(prefix) && name.endsWith(".images"))
        rmSync(join(dirname(path), name), { force: true });
  } catch {
    // it is not ours to change
  }
}

/** Puts the wanted rows of a decoded set into the sink; false if there is no such file, or a damaged one, which is removed. */
export function readDecoded(path: string, expected: Expected, sink: Sink): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const whole = checkedLength(file);
    if (whole !== undefined && putRows(file, whole, expected, sink)) return true;
  } catch {
    // Whatever is wrong with it, it can be made again.
  } finally {
    closeSync(file);
  }
  rmSync(path, { force: true });
  return false;
}

/** Number of bytes before the hash at the end; undefined if they don't match it. */
function checkedLength(file: number): number | undefined {
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(BLOCK);
  let tail = Buffer.alloc(0);
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, 0, BLOCK, length);
    if (read === 0) break;
    length += read;
    const bytes = Buffer.concat([tail, buffer.subarray(0, read)]);
    const end = Math.max(0, bytes.length - HASH);
    hash.update(bytes.subarray(0, end));
    tail = Buffer.from(bytes.subarray(end));
  }
  return tail.length === HASH && hash.digest().equals(tail) ? length - HASH : undefined;
}

function putRows(file: number, whole: number, expected: Expected, sink: Sink): boolean {
  const { count, classes, height, width, channels } = expected;
  const size = 4 + height * width * channels; // a label, then pixels
  const most = Math.max(1, Math.floor(BLOCK / size)) * size;
  let at = 0;
  let row = 0;
  while (at < whole) {
    const packed = readAt(file, at + 4, readAt(file, at, 4).readUInt32LE());
    at += 4 + packed.length;
    const rows = inflateRawSync(packed, { maxOutputLength: most });
    if (rows.length % size !== 0 || row + rows.length / size > count) return false;
    for (let from = 0; from < rows.length; from += size, row++) {
      const label = rows.readInt32LE(from);
      if (label < 0 || label >= classes) return false; // the files themselves say which
      if (sink.wants(row)) sink.put(row, label, rows.subarray(from + 4, from + size));
    }
  }
  return row === count;
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(file, bytes, 0, length, at) !== length) throw new Error("cut off");
  return bytes;
}

export interface DecodedWriter {
  /** All rows must come, in order. */
  add(label: number, pixels: Uint8Array): void;
  /** Gives the file its name. */
  finish(): void;
  /** Leaves nothing behind. */
  abandon(): void;
}

/** Silence after which even a live process counts as having given up; decoding a slow set may take minutes between two blocks. */
const SURELY_DEAD_MS = 3_600_000;

/** Writes a set while it is being read; undefined if the cache can't be written, which only costs time later. */
export async function writeDecoded(
  path: string,
  { height, width, channels }: Expected,
): Promise<DecodedWriter | undefined> {
  const part = partPath(path);
  let file: number | undefined;
  try {
    await makeFolder(dirname(path));
    await removeAbandonedParts(path, SURELY_DEAD_MS); // gigabytes, for photographs
    file = openSync(part, "w");
  } catch {
    return undefined;
  }
  const size = 4 + height * width * channels;
  const block = Buffer.alloc(Math.max(1, Math.floor(BLOCK / size)) * size);
  const hash = createHash("sha256");
  const level = channels === 1 ? 1 : 0; // drawings shrink to a twentieth, photographs hardly
  let used = 0;

  const abandon = () => {
    if (file === undefined) return;
    closeSync(file);
    file = undefined;
    rmSync(part, { force: true });
  };
  const attempt = (work: (file: number) => void) => {
    try {
      if (file !== undefined) work(file);
    } catch {
      abandon(); // a full disk, most likely
    }
  };
  const write = (bytes: Uint8Array) =>
    attempt((to) => {
      writeSync(to, bytes);
      hash.update(bytes);
    });
  const flush = () => {
    if (used === 0) return;
    const packed = deflateRawSync(block.subarray(0, used), { level });
    const length = Buffer.alloc(4);
    length.writeUInt32LE(packed.length);
    write(length);
    write(packed);
    used = 0;
  };
  return {
    add(label, pixels) {
      block.writeInt32LE(label, used);
      block.set(pixels, used + 4);
      used += size;
      if (used === block.length) flush();
    },
    finish() {
      flush();
      attempt((to) => {
        writeSync(to, hash.digest());
        fsyncSync(to);
        closeSync(to);
        file = undefined;
        renameSync(part, path);
      });
    },
    abandon,
  };
}
