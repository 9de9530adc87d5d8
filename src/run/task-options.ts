// How a run's tasks are split and decoded. It depends only on the experiment, so that splits are the same each time; tasks of
// a system that was merged are split as their own experiment says.

import type { Event, Splits, TaskRecord } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";

type Of = Pick<Experiment, "seed" | "validationFraction" | "limit" | "decodedSize">;

export const taskOptions = ({ seed, validationFraction, limit, decodedSize }: Of): Splits => ({
  seed,
  validation: validationFraction,
  ...(limit !== undefined && { limit }),
  ...(decodedSize !== undefined && { imageSize: decodedSize }),
});

/** How the images of task `name` are split and decoded in a run with these effective events. */
export function splitsOf(experiment: Of, events: readonly Event[], name: TaskName): Splits {
  const inForce = [taskOptions(experiment)];
  const isIts = (task: TaskRecord): boolean => task.name === name;
  let found: Splits | undefined;
  for (const event of events) {
    if (event.type === "run-merged") inForce.push(event.splits);
    if (event.type === "merge-ended") inForce.pop();
    const tasks = "tasks" in event ? event.tasks : [];
    // A task that both systems have is the first's, unless that one takes it in again.
    if (tasks.some(isIts) && (found === undefined || inForce.length === 1)) found = inForce.at(-1)!;
  }
  return found ?? inForce[0]!;
}
