// Finds the files of roots: at the path that was given, otherwise in a folder roots/ or checkpoints/ below MULAB_DATA or
// the user's cache.

import { basename, join, resolve } from "node:path";
import envPaths from "env-paths";
import { readFailed, rootChanged, rootMissing } from "../core/errors/index.js";
import { hashFile } from "../disk/hash.js";
import { namesIn, statAt } from "../disk/listing.js";

/** The folders in which roots are searched for, and the one that receives new ones. */
export interface RootPlaces {
  readonly folders: readonly string[];
  readonly cache: string;
}

/** The folders of this process's environment. */
export function defaultRootPlaces(): RootPlaces {
  const { cache } = envPaths("mulab", { suffix: "" });
  const above = [process.env.MULAB_DATA, cache].filter((dir) => dir !== undefined && dir !== "") as string[];
  return {
    folders: above.flatMap((dir) => [join(dir, "roots"), join(dir, "checkpoints")]),
    cache: join(cache, "roots"),
  };
}

/** A file of a root, and the sha256 of its bytes. */
export interface FoundRoot {
  readonly path: string;
  readonly sha256: string;
}

/** The file that `file` names; with `sha256`, the one with these bytes. Throws root/missing, root/checksum, store/read-failed. */
export async function findRoot(file: string, places: RootPlaces, sha256?: string): Promise<FoundRoot> {
  const named = [resolve(file), ...places.folders.map((dir) => join(dir, basename(file)))];
  let other: FoundRoot | undefined;
  for (const path of [...new Set(named)]) {
    if (!(await statAt(path))?.isFile()) continue;
    const found = { path, sha256: await hashFile(path, (cause) => readFailed(path, cause)) };
    if (sha256 === undefined || found.sha256 === sha256) return found;
    other ??= found;
  }
  if (other) throw rootChanged(other.path, other.sha256, sha256!);
  throw rootMissing(file, [resolve(file), ...places.folders]);
}

/** All files of roots in the folders, in order. */
export async function rootFiles({ folders }: RootPlaces): Promise<string[]> {
  const listed = await Promise.all(
    folders.map(async (dir) => {
      const names = await namesIn(dir).catch(() => []); // the folder is missing, or may not be read
      return names
        .filter((name) => !name.startsWith("."))
        .sort()
        .map((name) => join(dir, name));
    }),
  );
  return listed.flat();
}
