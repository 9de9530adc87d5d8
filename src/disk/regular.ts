// Opens files for reading. A FIFO or a device in place of a layer would block its reader for ever, or feed it without end,
// so anything but a regular file is refused before a byte is read.

import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Opens the regular file `path` for reading, following links. Throws the system's error, or ENOTREG with what is there instead. */
export async function openRegular(path: string, flags = constants.O_RDONLY): Promise<FileHandle> {
  // Without O_NONBLOCK, which Windows doesn't have, opening a FIFO waits until somebody writes to it.
  const file = await open(path, flags | (constants.O_NONBLOCK ?? 0)).catch((error) => {
    throw error.code === "ENXIO" ? notRegular("a socket, FIFO or device") : error;
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw notRegular(kindOf(stats));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The bytes of the regular file `path`. Throws as openRegular. */
export async function readRegular(path: string): Promise<Buffer<ArrayBuffer>> {
  const file = await openRegular(path);
  try {
    return (await file.readFile()) as Buffer<ArrayBuffer>;
  } finally {
    await file.close();
  }
}

const notRegular = (found: string): Error =>
  Object.assign(new Error(`it is ${found}, not a file`), { code: "ENOTREG", syscall: "open" });

/** What is there instead of a regular file, in words. */
export function kindOf(stats: Pick<Stats, keyof Stats & `is${string}`>): string {
  if (stats.isDirectory()) return "a folder";
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  if (stats.isCharacterDevice() || stats.isBlockDevice()) return "a device";
  return "not a regular file";
}

/** Why a file could not be read, for messages: the system's code, or what is there instead of a file. */
export const whyUnread = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || code === "ENOTREG" ? message : code;
};
