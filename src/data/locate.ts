// Finds a published file on this machine: in the folder named by MULAB_DATA, or in the user's cache. A file is read whole
// and must be the published one, byte for byte.

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { badFile, checksumMismatch } from "../core/errors/index.js";
import { hashFile } from "../disk/hash.js";
import { statAt } from "../disk/listing.js";
import { whyUnread } from "../disk/regular.js";
import type { DataFile, Pin } from "./catalog-entry.js";

/** The folders that are searched for data. */
export interface Places {
  /** The folder of MULAB_DATA; undefined if it is not set. */
  readonly dataDir: string | undefined;
  readonly cacheDir: string;
}

export interface Found {
  readonly path: string;
  readonly where: "MULAB_DATA" | "cache";
}

/** The folders of this process's environment. */
export const defaultPlaces = (): Places => ({
  dataDir: process.env.MULAB_DATA || undefined,
  cacheDir: join(envPaths("mulab", { suffix: "" }).cache, "data"),
});

/** What is wrong with MULAB_DATA, for people; otherwise a misspelt folder would look like an empty one. */
export function dataDirProblem({ dataDir }: Places): string | undefined {
  try {
    if (dataDir === undefined || statSync(dataDir).isDirectory()) return undefined;
  } catch {
    // it is not there, or is not ours to look at
  }
  return `${dataDir}, which MULAB_DATA names and which is not a folder`;
}

/**
 * Where the file is, not yet read; undefined where it is missing. A copy in the cache of the wrong length counts as missing,
 * so that it is downloaded again; a wrong file in MULAB_DATA counts as found, and is reported when it is read.
 */
export async function findFile(file: DataFile, places: Places): Promise<Found | undefined> {
  const candidates: Found[] = [{ path: join(places.cacheDir, file.path), where: "cache" }];
  if (places.dataDir) candidates.unshift({ path: join(places.dataDir, file.path), where: "MULAB_DATA" });
  for (const candidate of candidates) {
    const size = (await statAt(candidate.path, unreadable(candidate.path)))?.size;
    if (size === undefined) continue;
    if (candidate.where === "MULAB_DATA" || pinsOf(file).some(({ bytes }) => bytes === size))
      return candidate;
  }
  return undefined;
}

/** The bytes of a found file; throws data/bad-file or data/checksum if it is not the published one. */
export async function readVerified(path: string, file: DataFile): Promise<Uint8Array> {
  await checkSize(path, file);
  const bytes = await reading(path, readFile(path));
  const found = createHash("sha256").update(bytes).digest("hex");
  if (!pinsOf(file).some(({ sha256 }) => sha256 === found)) throw checksumMismatch(path, found, file.sha256);
  return bytes;
}

/** Checks a file that is too large for memory by reading it once. */
export async function verifyFile(path: string, file: DataFile): Promise<void> {
  await checkSize(path, file);
  const found = await hashData(path);
  if (!pinsOf(file).some(({ sha256 }) => sha256 === found)) throw checksumMismatch(path, found, file.sha256);
}

/** sha-256 of a file of any size, in hexadecimal digits. Throws data/bad-file. */
export const hashData = (path: string): Promise<string> => hashFile(path, unreadable(path));

/** Checks the size first, so that a wrong file of any length is not read. */
async function checkSize(path: string, file: DataFile): Promise<void> {
  const { size } = await reading(path, stat(path));
  if (!pinsOf(file).some(({ bytes }) => bytes === size))
    throw badFile(path, `${size} bytes`, `the published file's ${file.bytes}`);
}

const reading = <T>(path: string, work: Promise<T>): Promise<T> =>
  work.catch((cause) => {
    throw unreadable(path)(cause);
  });

const unreadable = (path: string) => (cause: unknown) =>
  badFile(path, whyUnread(cause), "a file that may be read");

const pinsOf = (file: DataFile): readonly Pin[] => [file, ...(file.also ?? [])];
