// An experiment on the tasks that this machine has: a published set that can't be had without asking is stood in for, first by
// another form of itself, then by printed glyphs. Each replacement is said, so that nobody takes a stand-in for the paper's task.

import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { GLYPHS_FOR } from "../data/catalog.js";
import { listTasks } from "../data/listing.js";
import type { Places } from "../data/locate.js";

/** A published set and the part of it that may be there instead; either stands in for the other. */
const OTHER_FORM: Readonly<Record<TaskName, TaskName>> = {
  kmnist: "kmnist/first7000",
  "kmnist/first7000": "kmnist",
};

/** The task itself where it can be had, else its other form, else glyphs; a task that nothing stands in for stays. */
export function availableTask(name: TaskName, usable: ReadonlySet<TaskName>): TaskName {
  const forms = [name, OTHER_FORM[name]];
  return forms.find((form) => form !== undefined && usable.has(form)) ?? GLYPHS_FOR[name] ?? name;
}

export interface AvailableOptions {
  /** Hears one line where a task is stood in for. */
  readonly onNote?: (line: string) => void;
  /** Where to look; by default MULAB_DATA and the user's cache. */
  readonly places?: Places;
}

/** `experiment` on tasks that a run can have without being asked: on disk, drawn, or a small download. Looks, but reads no data and uses no network. */
export async function onAvailableTasks(
  experiment: Experiment,
  { onNote, places }: AvailableOptions = {},
): Promise<Experiment> {
  const listings = await listTasks(places);
  const usable = new Set(listings.filter((listing) => listing.usable).map(({ task }) => task.name));
  const tasks = experiment.tasks.map((task) => ({ ...task, name: availableTask(task.name, usable) }));
  const replaced = experiment.tasks.flatMap(({ name }, i) =>
    tasks[i]!.name === name ? [] : [`${name} (by ${tasks[i]!.name})`],
  );
  if (replaced.length > 0) onNote?.(`Not on this machine, so stood in for: ${replaced.join(", ")}.`);
  return { ...experiment, tasks };
}
