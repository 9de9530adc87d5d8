// The tasks of a benchmark as far as this machine has them: a published set that is not on disk is stood in for, and a
// line says by what, so that nobody takes a stand-in for the paper's task.

import type { Experiment } from "../core/experiment.js";
import { listTasks } from "../data/listing.js";
import { charactersTasks } from "../experiments/characters.js";

/** `experiment` on the tasks that can be had; at other budgets than the paper's its tasks were chosen for that already. */
export async function withTasks(experiment: Experiment, stream: NodeJS.WritableStream): Promise<Experiment> {
  if (experiment.name !== "characters" || experiment.budget !== "paper") return experiment;
  const listings = await listTasks();
  const onDisk = listings.filter(({ state }) => state !== "absent" && state !== "generated");
  const tasks = charactersTasks(new Set(onDisk.map(({ task }) => task.name)));
  const replaced = experiment.tasks.flatMap(({ name }, i) =>
    tasks[i]!.name === name ? [] : [`${name}: ${tasks[i]!.name}`],
  );
  if (replaced.length > 0) stream.write(`Not on this machine, so stood in for: ${replaced.join(", ")}.\n`);
  return { ...experiment, tasks };
}
