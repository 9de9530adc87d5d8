// Names, sizes and kinds of files. That something does not exist is an answer, not an error.

import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { readFailed } from "../core/errors/index.js";

/** Whether a system's error says that there is nothing of that name. */
export const isAbsent = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Names in a folder; none if there is no such folder. Throws what `failure` makes of any other error, store/read-failed by default. */
export const namesIn = async (
  dir: string,
  failure = (cause: unknown): Error => readFailed(dir, cause),
): Promise<string[]> => (await unlessAbsent(() => readdir(dir), failure)) ?? [];

/** The stat of `path`, following links; undefined if there is nothing. Throws as namesIn. */
export const statAt = (
  path: string,
  failure = (cause: unknown): Error => readFailed(path, cause),
): Promise<Stats | undefined> => unlessAbsent(() => stat(path), failure);

/** Whether there is a file at `path`; false too if we may not look. */
export const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() ?? false;

/** The same for a folder. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;

async function unlessAbsent<T>(
  work: () => Promise<T>,
  failure: (cause: unknown) => Error,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failure(error);
  }
}
