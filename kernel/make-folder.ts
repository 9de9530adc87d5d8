/**
 * Makes a folder and all above it; gives those that it had to make, the outermost first.
 *
 * One by one: Node's own recursive mkdir never returns in a file system that takes no folders, such as /proc, or where an
 * automounter has no such home.
 */
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

export function makeFolder(path: string): string[] {
  if (existsSync(path)) return [];
  const above = makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error; // another process may have been quicker
    return above;
  }
  return [...above, path];
}
