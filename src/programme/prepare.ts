// Makes a plan fit for this machine: tasks that it has, a root that is there or is made.

import type { Experiment, TaskSpec } from "../core/experiment.js";
import { type Programme, segmentsOf } from "../core/programme.js";
import { canonicalJson } from "../run/digest.js";

/** `programme` with every task that it will ever have, and its root, as `prepare` gives them for one experiment of all of them. Throws as `prepare`. */
export async function preparedProgramme(
  programme: Programme,
  prepare: (experiment: Experiment) => Promise<Experiment>,
): Promise<Programme> {
  const every = segmentsOf(programme).flatMap(({ fresh }) => fresh);
  const ready = await prepare({ ...programme.experiment, tasks: every });
  const found = new Map(every.map(({ name }, i) => [name, ready.tasks[i]!]));
  const here = (tasks: readonly TaskSpec[]) => tasks.map(({ name }) => found.get(name)!);
  return {
    ...programme,
    experiment: { ...ready, tasks: here(programme.experiment.tasks) },
    segments: programme.segments.map((segment) => ({ ...segment, tasks: here(segment.tasks) })),
  };
}

/** Whether two plans differ at most in what preparing them changes: stand-ins of tasks, the root, and what follows from the root. */
export const isSamePlan = (a: Programme, b: Programme): boolean =>
  canonicalJson(unprepared(a)) === canonicalJson(unprepared(b));

function unprepared({ experiment, segments, ...programme }: Programme): object {
  const { root: _, rootWish: __, method: ___, tasks, ...rest } = experiment;
  return {
    ...programme,
    experiment: { ...rest, tasks: tasks.length },
    segments: segments.map((segment) => ({ ...segment, tasks: segment.tasks.length })),
  };
}
