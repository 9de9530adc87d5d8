// The content of `mulab tasks`: every task with the state of its data on this machine. It only looks for files, and reads no
// data and uses no network.

import { MulabError } from "../core/errors/index.js";
import { CATALOG } from "./catalog/catalog.js";
import type { CatalogTask, PublishedTask } from "./catalog-entry.js";
import { defaultPlaces, findFile, type Places } from "./locate.js";
import { mostTaskBytes, tooLarge } from "./memory.js";
import { howToGet, isSmallDownload, pinnedFiles } from "./obtain.js";
import { findPrepared } from "./prepared.js";
import { splitSizes } from "./splits.js";

export interface TaskListing {
  readonly task: CatalogTask;
  /** Where the data is: drawn on demand, in a folder, prepared by another tool, or not on this machine. */
  readonly state: "generated" | "MULAB_DATA" | "cache" | "prepared" | "absent";
  /** Whether a run gets the images by itself: they exist, are drawn, or are a small download. */
  readonly usable: boolean;
  /** For people: where it was found, or how to get it. */
  readonly note: string;
  /** For people: what will go wrong if a run uses it as it is. */
  readonly warning?: string;
}

/** The whole catalog with its state on this machine, published tasks first. `mostBytes` limits a task's decoded images. */
export function listTasks(
  places: Places = defaultPlaces(),
  mostBytes: number = mostTaskBytes(),
): Promise<TaskListing[]> {
  return Promise.all(
    CATALOG.map(async (task): Promise<TaskListing> => {
      if (task.kind === "generated")
        return { task, state: "generated", usable: true, note: "drawn when a run asks for it" };
      const listing = await describe(task, places).catch((error) => unusable(task, error));
      const warning = listing.warning ?? sizeWarning(task, mostBytes);
      return warning === undefined ? listing : { ...listing, warning };
    }),
  );
}

/** A warning before anybody prepares hundreds of gigabytes. */
function sizeWarning(task: PublishedTask, mostBytes: number): string | undefined {
  const { imageSize, channels } = task;
  const large = tooLarge(splitSizes(task, 0.2), imageSize ** 2 * channels, mostBytes);
  return (
    large && `needs --set limit=${large.limit} on this machine: ${gigabytes(large.bytes)} decoded in all`
  );
}

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

/** Damaged files are an error only for their task, and don't hide the other tasks. */
function unusable(task: PublishedTask, error: unknown): TaskListing {
  if (!(error instanceof MulabError)) throw error;
  return { task, state: "absent", usable: false, note: error.message, warning: error.message };
}

async function describe(task: PublishedTask, places: Places): Promise<TaskListing> {
  const pinned = pinnedFiles(task) ?? [];
  const found = await Promise.all(pinned.map((file) => findFile(file, places)));
  const [first] = found;
  if (first && found.every(Boolean))
    return { task, state: first.where, usable: true, note: `found as ${first.path}` };
  const prepared = await findPrepared(task, places);
  const [source] = prepared?.values() ?? [];
  if (source) return { task, state: "prepared", usable: true, note: `found as ${source.files[0]}` };
  const missing = pinned.filter((_, i) => !found[i]);
  return { task, state: "absent", usable: isSmallDownload(missing), note: howToGet(task, missing) };
}
