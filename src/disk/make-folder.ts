// A folder for what is kept in the cache.

import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and all above it. One by one: Node's own recursive mkdir never returns in a file system that takes no
 * folders, such as /proc, or where an automounter has no such home.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process may have been quicker
  }
}
