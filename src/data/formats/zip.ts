// A strict reader of zip archives in memory, enough for .npz; what an archive may be stands in zip-directory.

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

/** The members of the archive `bytes` by name; `path` is for messages. */
export function readZip(bytes: Uint8Array, path: string): ReadonlyMap<string, ZipMember> {
  const tail = bytes.subarray(Math.max(0, bytes.length - ZIP_TAIL));
  const { start: limit, size, count } = readZipEnd(tail, bytes.length, path);
  const entries = readZipEntries(bytes.subarray(limit, limit + size), count, path);
  const members = [...entries.values()].map((entry): ZipMember => {
    const { name, size, local, packedSize } = entry;
    const read = (): Uint8Array => {
      checkZipEntry(entry, path);
      const header = bytes.subarray(local, local + localHeaderSize(entry));
      const start = zipDataStart(header, entry, limit, path);
      return unpackZipEntry(entry, bytes.subarray(start, start + packedSize), path);
    };
    return { name, size, read };
  });
  return new Map(members.map((member) => [member.name, member]));
}
