// A file of named tensors, read one tensor at a time: a checkpoint of hundreds of megabytes never stands in memory whole,
// and of what a root leaves out (upper blocks, the old head) nothing is read.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { readFailed } from "../core/errors.js";
import { openRegular } from "../disk/regular.js";

export interface TensorFile {
  readonly path: string;
  /** Shapes by name; the format's own words for what the tensors are. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The values of a tensor, row-major, as float32. Throws root/bad-file. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** An opened file that is read in pieces. */
export interface RandomAccess {
  readonly path: string;
  readonly size: number;
  /** Exactly the bytes from `start` to `end`, fewer only at the end of the file. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens `path` for reading. Throws store/read-failed. */
export async function openForReading(path: string): Promise<RandomAccess> {
  const reading = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw readFailed(path, error);
    }
  };
  const file = await reading(() => openRegular(path));
  const { size } = await reading(() => file.stat());
  return {
    path,
    size,
    read: (start, end) => reading(() => readRange(file, start, Math.min(end, size))),
    close: () => file.close(),
  };
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.max(0, end - start));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

/** sha256 of a whole file, in hexadecimal digits. Throws store/read-failed. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    throw readFailed(path, error);
  }
  return hash.digest("hex");
}
