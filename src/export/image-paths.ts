// The image files that words name: files, folders with everything below them, and patterns.

import { isAbsolute } from "node:path";
import { noImagesAt } from "../core/errors/index.js";
import { isImageName } from "../data/own/names.js";
import { statAt } from "../disk/listing.js";

/**
 * Paths of image files in the order of `words`, those of a folder or a pattern sorted. A file is taken whatever its name;
 * in folders and behind patterns only names of images count, and hidden files do not. Throws export/no-images.
 */
export async function imagePaths(words: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const word of words) found.push(...(await pathsAt(word)));
  return [...new Set(found)];
}

async function pathsAt(word: string): Promise<string[]> {
  const stats = await statAt(word);
  if (stats?.isFile()) return [word];
  // Loaded when it is needed, so that an import of mulab does not wait for it.
  const { escapePath, glob, isDynamicPattern } = await import("tinyglobby");
  const pattern = stats?.isDirectory() ? `${escapePath(word.replace(/[/\\]+$/, ""))}/**` : word;
  if (!stats && !isDynamicPattern(word)) throw noImagesAt(word);
  // On Windows a backslash separates folders, so there it can't escape.
  const all = await glob(process.platform === "win32" ? pattern.replaceAll("\\", "/") : pattern, {
    absolute: isAbsolute(word),
    expandDirectories: false,
  });
  const images = all.filter(isImageName).sort();
  if (images.length === 0) throw noImagesAt(word);
  return images;
}
