// Reads files from an offset on: their size, their bytes, their lines.

import { closeSync, openSync, readSync } from "node:fs";
import { type FileHandle, stat } from "node:fs/promises";
import { MulabError, readFailed } from "../core/errors/index.js";
import { openRegular } from "./regular.js";

export const NEWLINE = 0x0a;

const CHUNK = 1 << 20;

export const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );

/** The bytes of a file from `offset` on; none if there is no such file. */
export async function bytesFrom(path: string, offset: number): Promise<Buffer> {
  try {
    const file = await openRegular(path);
    try {
      const length = Math.max(0, (await file.stat()).size - offset);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw readFailed(path, error);
  }
}

/** The complete lines of a file from byte `offset` on, without their newlines; bytes after the last newline are left out. */
export async function* linesOf(path: string, offset: number): AsyncGenerator<Buffer> {
  let file: FileHandle;
  try {
    file = await openRegular(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw readFailed(path, error);
  }
  try {
    let pending: Buffer[] = [];
    for (let at = offset; ; ) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK), 0, CHUNK, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      let begin = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, begin)) {
        yield Buffer.concat([...pending, chunk.subarray(begin, end)]);
        pending = [];
        begin = end + 1;
      }
      pending.push(chunk.subarray(begin));
    }
  } catch (error) {
    throw error instanceof MulabError ? error : readFailed(path, error);
  } finally {
    await file.close();
  }
}

/** The lines in the first `length` bytes of a file, without their newlines, read at once; bytes after the last newline are left out. */
export function* linesUpTo(path: string, length: number): Generator<Buffer> {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw readFailed(path, error);
  }
  try {
    let pending: Buffer[] = [];
    for (let at = 0; at < length; ) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, length - at));
      const bytesRead = readSync(file, chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      let begin = 0;
      const read = chunk.subarray(0, bytesRead);
      for (let end = read.indexOf(NEWLINE); end >= 0; end = read.indexOf(NEWLINE, begin)) {
        yield Buffer.concat([...pending, read.subarray(begin, end)]);
        pending = [];
        begin = end + 1;
      }
      pending.push(read.subarray(begin));
    }
  } finally {
    closeSync(file);
  }
}

/** The first `length` bytes of a file, in pieces, each valid until the next one; fewer if the file is shorter. */
export async function* chunksUpTo(path: string, length: number): AsyncGenerator<Buffer> {
  const file = await openRegular(path);
  try {
    const chunk = Buffer.allocUnsafe(4 * CHUNK);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, length - at), at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
