// The inputs of readers of published sets: files, in memory if they are small, otherwise read in pieces, and their expected
// contents.

import { badFile } from "../core/errors/index.js";
import { openForReading } from "../disk/random-access.js";
import { whyUnread } from "../disk/regular.js";

/** A file's bytes and its name for messages. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file of any size; its name is for messages. */
export interface OpenFile {
  readonly path: string;
  readonly size: number;
  /** Exactly `length` bytes from `at` on; throws data/bad-file if the file ends before that. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The expected images of a set. */
export interface Expected {
  readonly count: number;
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Opens a file on disk; throws data/bad-file. */
export async function openFile(path: string): Promise<OpenFile> {
  const file = await openForReading(path, (cause) =>
    badFile(path, whyUnread(cause), "a file that may be read"),
  );
  const { size } = file;
  return {
    path,
    size,
    async read(at, length) {
      checkRange(path, at, length, size);
      const bytes = await file.read(at, at + length);
      if (bytes.length < length)
        throw badFile(path, `it ends at ${at + bytes.length}`, `${size} bytes, as when it was opened`);
      return bytes;
    },
    close: () => file.close(),
  };
}

/** A file in memory, with the interface of one on disk. */
export const openBytes = ({ path, bytes }: SourceFile): OpenFile => ({
  path,
  size: bytes.length,
  async read(at, length) {
    checkRange(path, at, length, bytes.length);
    return bytes.subarray(at, at + length);
  },
  close: async () => {},
});

function checkRange(path: string, at: number, length: number, size: number): void {
  if (!(at >= 0 && length >= 0 && at + length <= size))
    throw badFile(path, `bytes ${at} to ${at + length} are asked of its ${size}`, "a whole file");
}
