// The files of a published task on this machine: the pinned ones, or prepared ones, or downloads. A run downloads only small
// files by itself; `mulab fetch` downloads whatever has a public source.

import { dataMissing, hasCode, withoutStop } from "../core/errors/index.js";
import { GLYPHS_FOR } from "./catalog/catalog.js";
import type { DataFile, PinnedFiles, PublishedTask } from "./catalog-entry.js";
import { download, type RemoteFile } from "./download.js";
import { dataDirProblem, findFile, type Places } from "./locate.js";
import { findPrepared, type PreparedSource, preparedGap } from "./prepared.js";

/** A pinned file that was found or downloaded; with its bytes if it could not be kept on disk. */
export interface FoundFile {
  readonly file: DataFile;
  readonly path: string;
  readonly bytes?: Uint8Array;
}

export type SetSource =
  | { readonly kind: "pinned"; readonly format: PinnedFiles["format"]; readonly files: readonly FoundFile[] }
  | PreparedSource;

export interface ObtainOptions {
  readonly places: Places;
  /** What may be downloaded: nothing, what is small, or everything. */
  readonly fetch: "nothing" | "small" | "everything";
  /** Bytes downloaded so far and in total. */
  readonly onBytes: (done: number, total: number) => void;
}

/** Most bytes that a run downloads by itself: the numerals of the preliminary experiment are 1.2 MB. */
export const SMALL_BYTES = 2_000_000;

/** The files of each set. Throws task/data-missing, data/download-failed, data/checksum. */
export async function obtain(
  task: PublishedTask,
  options: ObtainOptions,
): Promise<ReadonlyMap<string, SetSource>> {
  const pinned = pinnedFiles(task);
  const found = new Map<string, FoundFile>();
  for (const file of pinned ?? []) {
    const place = await findFile(file, options.places);
    if (place) found.set(file.path, { file, path: place.path });
  }
  const missing = pinned?.filter(({ path }) => !found.has(path));
  if (!missing || missing.length > 0) {
    const prepared = await findPrepared(task, options.places);
    if (prepared) return prepared;
    for (const file of await fetchAll(task, missing ?? [], options)) found.set(file.file.path, file);
  }
  return new Map(
    Object.entries(task.sets).map(([name, { pinned: set }]): [string, SetSource] => {
      const { format, files } = set!; // every set has pinned files, or fetchAll has thrown
      return [name, { kind: "pinned", format, files: files.map(({ path }) => found.get(path)!) }];
    }),
  );
}

/** The files of all sets, each once; undefined if a set has no pinned files. */
export function pinnedFiles({ sets }: PublishedTask): readonly DataFile[] | undefined {
  const all = Object.values(sets).map(({ pinned }) => pinned?.files);
  if (all.includes(undefined)) return undefined;
  return [...new Map(all.flatMap((files) => files!).map((file) => [file.path, file])).values()];
}

/** Whether a run downloads the task's missing files by itself: all have an address, and they are small. */
export const isSmallDownload = (missing: readonly DataFile[]): boolean =>
  missing.length > 0 &&
  missing.every(({ url }) => url !== undefined) &&
  missing.reduce((sum, { bytes }) => sum + bytes, 0) <= SMALL_BYTES;

async function fetchAll(
  task: PublishedTask,
  missing: readonly DataFile[],
  { places, fetch, onBytes }: ObtainOptions,
): Promise<FoundFile[]> {
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const remote = missing.filter((file): file is RemoteFile => file.url !== undefined);
  const allowed = fetch === "everything" || (fetch === "small" && isSmallDownload(missing));
  let tried = fetch === "nothing" ? "Nothing was downloaded (offline)" : "Nothing was downloaded";
  if (missing.length > 0 && remote.length === missing.length && allowed)
    try {
      const fetched: FoundFile[] = [];
      let before = 0;
      for (const file of remote) {
        const done = await download(file, {
          cacheDir: places.cacheDir,
          onProgress: (bytes) => onBytes(before + bytes, total),
        });
        fetched.push({ file, ...done });
        before += file.bytes;
      }
      return fetched;
    } catch (error) {
      if (!hasCode(error, "data/download-failed")) throw error;
      tried = withoutStop(error.problem);
    }
  const gap = await preparedGap(task, places);
  if (gap) tried = `${gap}. ${tried}`;
  // After a failed download, suggest neither the same download again nor other tasks.
  const toDo =
    fetch === "everything"
      ? howToGet(task, missing, "Try again where there is a network")
      : `${howToGet(task, missing)}${GLYPHS_FOR[task.name] ? "; or use generated tasks (--tasks glyphs)" : ""}`;
  const { dataDir, cacheDir } = places;
  const own = dataDirProblem(places) ?? dataDir ?? "MULAB_DATA, which is not set";
  throw dataMissing(task.name, [own, cacheDir], `${toDo}.`, tried);
}

/** How a person gets the missing files, as a sentence without its full stop; `first` is what to try if all have addresses. */
export function howToGet(
  { name, prepared }: PublishedTask,
  missing: readonly DataFile[],
  first?: string,
): string {
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const byHand =
    prepared &&
    `prepare ${prepared.dataset} with TensorFlow Datasets (tfds build ${prepared.dataset}) and name its data folder in MULAB_DATA${"feature" in prepared.label ? ", or put a hub's Parquet files there" : ""}`;
  if (missing.length === 0) return byHand ? capital(byHand) : "It has no files";
  const put = `put ${missing.map(({ path }) => path).join(", ")} below a folder named in MULAB_DATA`;
  if (missing.some(({ url }) => !url)) return capital(put);
  const fetching = first ?? `\`mulab fetch ${name}\` downloads it (${megabytes(total)})`;
  return `${fetching}; or ${put}${byHand ? `; or ${byHand}` : ""}`;
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

/** Bytes for people. */
export const megabytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
