// What `mulab tasks` shows: every task with the state of its data on this machine. Looks, but reads no data and uses
// no network.

import { CATALOG, type CatalogTask } from "./catalog.js";
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
  const files = Object.values(task.files);
  const found = await Promise.all(files.map((file) => findFile(file, places)));
  const [first] = found;
  if (first && found.every(Boolean)) return { task, state: first.where, note: `found as ${first.path}` };
  const kilobytes = Math.round(files.reduce((sum, file) => sum + file.bytes, 0) / 1000);
  return {
    task,
    state: "absent",
    note: `fetched by the first run that asks for it (${kilobytes} kB from ${new URL(files[0]!.url).host}), or put ${files[0]!.path} below a folder named in MULAB_DATA`,
  };
}
