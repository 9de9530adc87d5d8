// Identifies what a person's path holds: a folder of images per class, images with CSV files of labels, a zip archive of
// either, or arrays. The first kind that fits wins; if none fits, the error says what would.

import { statSync } from "node:fs";
import { folderMissing, notImages } from "../../core/errors/index.js";
import { isArrayFile, listArrays } from "./arrays.js";
import { listClassFolders } from "./class-folders.js";
import { listLabelled } from "./label-files.js";
import type { Listed } from "./listed.js";
import { diskTree, type Tree, zipTree } from "./tree.js";

/** Lists the images at `path`; call `close` once they are read. Throws data/…. */
export async function findOwn(
  path: string,
  followLinks: boolean,
  most: number,
): Promise<{ readonly listed: Listed; readonly close: () => void }> {
  const stat = statOf(path);
  if (!stat.isDirectory() && !stat.isFile()) throw notImages(path, "neither a file nor a folder");
  if (stat.isFile() && isArrayFile(path)) return { listed: (await listArrays(path, most))!, close: () => {} };
  if (stat.isFile() && !/\.zip$/i.test(path)) throw notImages(path, "a file of another kind");
  const tree = stat.isFile() ? zipTree(path) : diskTree(path, followLinks);
  try {
    return { listed: await listTree(tree, stat.isDirectory() ? path : undefined, most), close: tree.close };
  } catch (error) {
    tree.close();
    throw error;
  }
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw folderMissing(path, (error as NodeJS.ErrnoException).code ?? String(error));
  }
}

async function listTree(tree: Tree, folder: string | undefined, most: number): Promise<Listed> {
  const { folders, images } = await tree.list(tree.root);
  const arrays = folder && folders.length === 0 && images.length === 0 && (await listArrays(folder, most));
  if (arrays) return arrays;
  const listed = (await listLabelled(tree)) ?? (await listClassFolders(tree));
  const kind = folder === undefined ? `zip archive: ${listed.kind}` : listed.kind;
  return { ...listed, kind };
}
