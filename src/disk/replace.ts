// Writes files that a person names: a report, a figure, a root. They are written aside and renamed, so that either the old
// or the new file is complete, and they replace only regular files of the same kind, never through a link: a mistyped --out
// must not cost anybody their thesis.

import type { Stats } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { notOurs, readFailed, writeFailed } from "../core/errors/index.js";
import { makeFolder, syncFolder } from "./atomic.js";
import { partPath, removeAbandonedParts } from "./part-file.js";
import { kindOf, openRegular } from "./regular.js";

/** A kind of file that a command writes, and how to recognize one. */
export interface FileKind {
  /** With its article, as in "a report of mulab". */
  readonly name: string;
  /** Whether a file with `head` as its first 64 KiB is one. */
  readonly recognise: (head: Uint8Array) => boolean;
}

const HEAD_BYTES = 1 << 16;

/** Writes `content`, whole or in pieces, to `path`, making its folder if necessary. Throws store/not-ours, store/…. */
export async function replaceFile(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  kind: FileKind,
): Promise<void> {
  await checkReplaceable(path, kind);
  await makeFolder(dirname(path));
  const part = partPath(path);
  try {
    const file = await open(part, "wx");
    try {
      if (typeof content === "string" || content instanceof Uint8Array) await file.writeFile(content);
      else for await (const piece of content) await file.writeFile(piece); // each after the one before
      await file.sync();
    } finally {
      await file.close();
    }
    await checkReplaceable(path, kind); // what appeared meanwhile
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true }).catch(() => {}); // the first error is the one to report
    throw "syscall" in (error as object) ? writeFailed(path, error as NodeJS.ErrnoException) : error;
  }
  await removeAbandonedParts(path).catch(() => {}); // the file exists anyway
}

/** Throws store/not-ours if `path` exists and is not a file of `kind`, which replaceFile would replace. */
export async function checkReplaceable(path: string, kind: FileKind): Promise<void> {
  let stats: Stats;
  try {
    stats = await lstat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return; // making its folder reports what is in the way
    throw readFailed(path, error);
  }
  if (!stats.isFile()) throw notOurs(path, kindOf(stats), kind.name);
  if (stats.size > 0 && !kind.recognise(await headOf(path))) throw notOurs(path, "another file", kind.name);
}

async function headOf(path: string): Promise<Uint8Array> {
  try {
    const file = await openRegular(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw readFailed(path, error);
  }
}
