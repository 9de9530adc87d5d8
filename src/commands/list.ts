// `mulab experiments` and `mulab tasks`: what there is.

import { childCount } from "../core/experiment.js";
import type { CatalogTask } from "../data/catalog-entry.js";
import { listTasks } from "../data/listing.js";
import { SPLITS, splitSizes } from "../data/splits.js";
import { EXPERIMENTS } from "../experiments/index.js";
import { textTable } from "../terminal.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

export async function listExperiments(options: JsonOption): Promise<void> {
  const experiments = Object.values(EXPERIMENTS).map((make) => make({}));
  const rows = experiments.map((e) => [
    e.name,
    e.title,
    e.source,
    `${childCount(e)}`,
    `about ${e.expected.minutes} min`,
  ]);
  linesOf(options).write(`${textTable(["experiment", "title", "source", "children", "on 2 cores"], rows)}\n`);
  printJson(options, experiments);
}

export async function listAllTasks(options: JsonOption): Promise<void> {
  const listings = await listTasks();
  const rows = listings.map(({ task, note }) => [
    task.name,
    `${task.classes}`,
    sizesOf(task),
    task.source,
    note,
  ]);
  linesOf(options).write(
    `${textTable(["task", "classes", "train / validation / test", "source", "data"], rows)}\n`,
  );
  printJson(options, listings);
}

/** Images of each split; where the experiment says how many of them validate, with µ2Net's fifth. */
function sizesOf(task: CatalogTask): string {
  const sizes = splitSizes(task, 0.2);
  return SPLITS.map((split) => sizes[split]).join(" / ");
}
