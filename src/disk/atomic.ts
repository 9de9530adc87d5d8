// Writes files atomically and durably, even across a power cut: a temporary file beside the target, fsync, rename, fsync of
// the folder.

import { type FileHandle, lstat, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { notOurs, writeFailed } from "../core/errors/index.js";
import { kindOf } from "./regular.js";

const TEMPORARY = ".tmp-";
let writes = 0;

/** Whether a file of this name was left by an interrupted write. */
export const isTemporary = (name: string): boolean => name.startsWith(TEMPORARY);

/** Writes `bytes` to `path`, by way of a file in `temporaryDir` on the same disk. Throws store/… without leaving a trace if it can't. */
export async function writeAtomically(
  path: string,
  bytes: Uint8Array,
  temporaryDir = dirname(path),
): Promise<void> {
  const temporary = join(temporaryDir, `${TEMPORARY}${process.pid}-${++writes}`);
  try {
    await withFile(temporary, "wx", async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await refuseSpecial(path);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // the first error is the one to report
    throw "syscall" in (error as object) ? writeFailed(path, error as NodeJS.ErrnoException) : error;
  }
}

/** Throws store/not-ours if a rename would replace a FIFO, a socket or a device. */
async function refuseSpecial(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats && !stats.isFile() && !stats.isSymbolicLink() && !stats.isDirectory())
    throw notOurs(path, kindOf(stats), "a file of mulab");
}

/**
 * Makes folder `path` and all above it, durably. Throws store/…. One by one: Node's own recursive mkdir never returns in
 * a file system that takes no folders, such as /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (error) {
    throw writeFailed(path, error as NodeJS.ErrnoException);
  }
}

async function makeFolders(path: string): Promise<void> {
  if (await isFolder(path)) return;
  await makeFolders(dirname(path));
  await mkdir(path).catch(async (error: NodeJS.ErrnoException) => {
    // Another writer may have been quicker.
    if (error.code !== "EEXIST" || !(await isFolder(path))) throw error;
  });
  await syncFolder(dirname(path));
}

/** Throws store/… if a file `path`, or a folder on the way to it, can't be made: reported before hours of work for its bytes. It tries with a file that it removes again, and makes no folders. */
export async function checkWritable(path: string): Promise<void> {
  let folder = dirname(path);
  try {
    if (await isFolder(path)) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    while (!(await isFolder(folder)) && folder !== dirname(folder)) folder = dirname(folder);
    const trial = join(folder, `${TEMPORARY}${process.pid}-${++writes}`);
    await withFile(trial, "wx", () => rm(trial));
  } catch (error) {
    throw writeFailed(path, error as NodeJS.ErrnoException);
  }
}

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
};

/** Removes the remains of interrupted writes in `dir`. */
export async function removeTemporaries(dir: string): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) if (isTemporary(name)) await remove(join(dir, name));
}

/** Removes a file, or a folder with its contents, if it exists. Throws store/…. */
export async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailed(path, error as NodeJS.ErrnoException);
  }
}

/** Makes the names in `dir` durable, if the system can (Windows can't, and doesn't need to). */
export async function syncFolder(dir: string): Promise<void> {
  try {
    await withFile(dir, "r", (folder) => folder.sync());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EISDIR" && code !== "EPERM" && code !== "EINVAL" && code !== "ENOTSUP") throw error;
  }
}

/** The result of `use` on the opened file, which is always closed. */
async function withFile<T>(path: string, flags: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
