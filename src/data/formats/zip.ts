// Members of zip archives, in memory (.npz, omniglot) or of any size, read in pieces (EMNIST). zip-directory reads and
// checks the structure itself.

import { badFile } from "../../core/errors/index.js";
import type { OpenFile } from "../source-file.js";
import {
  checkZipEntry,
  localHeaderSize,
  readZipEnd,
  readZipEntries,
  unpackZipEntry,
  ZIP_TAIL,
  zipDataStart,
} from "./zip-directory.js";

export interface ZipMember {
  readonly name: string;
  /** Unpacked size in bytes, as declared. */
  readonly size: number;
  /** Unpacks the member; throws data/bad-file where size or checksum are not as declared. */
  read(): Uint8Array;
}

const MOST_DIRECTORY = 2 ** 26; // bytes of a directory that is read into memory

/** The members of the archive `bytes` by name; `path` is for messages. */
export function readZip(bytes: Uint8Array, path: string): ReadonlyMap<string, ZipMember> {
  const end = readZipEnd(bytes.subarray(-ZIP_TAIL), bytes.length, path);
  const directory = bytes.subarray(end.start, end.start + end.size);
  const members = new Map<string, ZipMember>();
  for (const entry of readZipEntries(directory, end.count, path).values())
    members.set(entry.name, {
      name: entry.name,
      size: entry.size,
      read: () => {
        checkZipEntry(entry, path);
        const start = zipDataStart(bytes.subarray(entry.local), entry, end.start, path);
        return unpackZipEntry(entry, bytes.subarray(start, start + entry.packedSize), path);
      },
    });
  return members;
}

/** One member of an archive of any size, unpacked; throws data/bad-file if there is none with that name. */
export async function readZipMember(file: OpenFile, name: string): Promise<Uint8Array> {
  const { path, size } = file;
  const tail = Math.min(size, ZIP_TAIL);
  const end = readZipEnd(await file.read(size - tail, tail), size, path);
  if (end.size > MOST_DIRECTORY)
    throw badFile(path, `a directory of ${end.size} bytes`, `at most ${MOST_DIRECTORY}`);
  const entries = readZipEntries(await file.read(end.start, end.size), end.count, path);
  const entry = entries.get(name);
  if (!entry) throw badFile(path, `no member ${name}`, "the published archive");
  checkZipEntry(entry, path);
  const local = Math.min(entry.local, end.start);
  const header = await file.read(local, Math.min(localHeaderSize(entry), end.start - local));
  const start = zipDataStart(header, entry, end.start, path);
  return unpackZipEntry(entry, await file.read(start, entry.packedSize), path);
}
