// What `mulab tasks` shows: every task with the state of its data on this machine. Looks, but reads no data and uses
// no network.

import { CATALOG } from "./catalog.js";
import type { CatalogTask } from "./catalog-entry.js";
import { defaultPlaces, findFile, type Places } from "./locate.js";

export interface TaskListing {
  readonly task: CatalogTask;
  /** Where the data is: drawn when asked for, in a folder, or nowhere on this machine. */
  readonly state: "generated" | "MULAB_DATA" | "cache" | "absent";
  /** For people: the folder it was found in, or how to get it. */
  readonly note: string;
}

/** The whole catalog with its state on this machine, published tasks first. */
export function listTasks(places: Places = defaultPlaces()): Promise<TaskListing[]> {
  return Promise.all(CATALOG.map((task) => describe(task, places)));
}

async function describe(task: CatalogTask, places: Places): Promise<TaskListing> {
  if (task.kind === "generated") return { task, state: "generated", note: "drawn when a run asks for it" };
  const files = Object.values(task.sets).flatMap((set) => set.files);
  const found = await Promise.all(files.map((file) => findFile(file, places)));
  const [first] = found;
  if (first && found.every(Boolean)) return { task, state: first.where, note: `found as ${first.path}` };
  const missing = files.filter((_, i) => !found[i]);
  const kilobytes = Math.round(missing.reduce((sum, file) => sum + file.bytes, 0) / 1000);
  const place = `put ${missing[0]!.path} below a folder named in MULAB_DATA`;
  const { url } = missing.find((file) => !file.url) ?? missing[0]!;
  return {
    task,
    state: "absent",
    note: url
      ? `fetched by the first run that asks for it (${kilobytes} kB from ${new URL(url).host}), or ${place}`
      : place,
  };
}
