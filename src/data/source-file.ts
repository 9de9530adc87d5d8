// What the readers of published sets are given: files, whole in memory where they are small, else opened and read
// piece by piece, and what must be in them.

import type { FileHandle } from "node:fs/promises";
import { badFile } from "../core/errors.js";
import { openRegular, whyUnread } from "../disk/regular.js";

/** A file's bytes and its name for messages. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file of any size; its name is for messages. */
export interface OpenFile {
  readonly path: string;
  readonly size: number;
  /** Exactly `length` bytes from `at` on; throws data/bad-file where the file ends before. */
  read(at: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What the images of a set must be. */
export interface Expected {
  readonly count: number;
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Opens a file on disk; throws data/bad-file. */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle;
  let size: number;
  try {
    handle = await openRegular(path);
    ({ size } = await handle.stat());
  } catch (error) {
    throw badFile(path, whyUnread(error), "a file that may be read");
  }
  return {
    path,
    size,
    async read(at, length) {
      checkRange(path, at, length, size);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, at + done);
        if (bytesRead === 0)
          throw badFile(path, `it ends at ${at + done}`, `${size} bytes, as when it was opened`);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** A file in memory, read as one on disk is. */
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
