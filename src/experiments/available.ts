// Adapts an experiment to the tasks that this machine has: a published set that is missing is replaced, first by another
// form of itself, then by printed glyphs. Each replacement is reported, so that nobody mistakes a stand-in for the paper's
// task.

import { hasCode } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { GLYPHS_FOR } from "../data/catalog/catalog.js";
import { listTasks, type TaskListing } from "../data/listing.js";
import { dataDirProblem, defaultPlaces, type Places } from "../data/locate.js";
import { obtain } from "../data/obtain.js";
import type { TaskProgress } from "../data/tasks.js";

/** A published set and a part of it; each can replace the other. */
const OTHER_FORM: Readonly<Record<TaskName, TaskName>> = {
  kmnist: "kmnist/first7000",
  "kmnist/first7000": "kmnist",
};

/** The task itself if it is available, or its other form, or glyphs; a task without a stand-in stays. */
export function availableTask(name: TaskName, usable: ReadonlySet<TaskName>): TaskName {
  const forms = [name, OTHER_FORM[name]];
  return forms.find((form) => form !== undefined && usable.has(form)) ?? GLYPHS_FOR[name] ?? name;
}

export interface AvailableOptions {
  /** Receives one line if tasks are replaced. */
  readonly onNote?: (line: string) => void;
  readonly onProgress?: (progress: TaskProgress) => void;
  /** Where to look; by default MULAB_DATA and the user's cache. */
  readonly places?: Places;
}

/** `experiment` on tasks that a run can use without further ado: on disk, drawn, or a small download, which happens now, so that a network is never required. Throws data/checksum. */
export async function onAvailableTasks(
  experiment: Experiment,
  { onNote, onProgress, places = defaultPlaces() }: AvailableOptions = {},
): Promise<Experiment> {
  const listings = (await listTasks(places)).filter(({ usable }) => usable);
  const usable = new Set(listings.map(({ task }) => task.name));
  const wanted = listings.filter(
    ({ task, state }) => state === "absent" && experiment.tasks.some(({ name }) => name === task.name),
  );
  const unreachable = await unfetched(wanted, places, onProgress);
  for (const name of unreachable) usable.delete(name);
  const tasks = experiment.tasks.map((task) => ({ ...task, name: availableTask(task.name, usable) }));
  const replaced = experiment.tasks.flatMap(({ name }, i) =>
    tasks[i]!.name === name ? [] : [`${name} (by ${tasks[i]!.name})`],
  );
  const problem = dataDirProblem(places);
  const looked = problem ? ` (nothing is in ${problem})` : "";
  const tried = unreachable.length > 0 ? ", and can't be downloaded now," : ",";
  if (replaced.length > 0)
    onNote?.(`Not on this machine${looked}${tried} so replaced: ${replaced.join(", ")}.`);
  return { ...experiment, tasks };
}

/** Does the small downloads and returns the tasks for which that failed. After the first failure it tries no more, because all would wait for the same network. */
async function unfetched(
  listings: readonly TaskListing[],
  places: Places,
  onProgress: AvailableOptions["onProgress"],
): Promise<TaskName[]> {
  const tasks = listings.flatMap(({ task }) => (task.kind === "published" ? [task] : []));
  for (const [i, task] of tasks.entries())
    try {
      const onBytes = (done: number, total: number) =>
        onProgress?.({ task: task.name, doing: "downloading", done, total });
      await obtain(task, { places, fetch: "small", onBytes });
    } catch (error) {
      if (!hasCode(error, "task/data-missing")) throw error;
      return tasks.slice(i).map(({ name }) => name);
    }
  return [];
}
