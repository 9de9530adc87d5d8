// A programme: one system that grows by segments, as µ2Net's grew to 69 tasks (§5). Plain data, stored whole beside the run,
// so that it continues as it was planned.

import type { Experiment, TaskSpec } from "./experiment.js";
import type { TaskName } from "./model.js";
import type { Settings } from "./settings.js";

/** What a programme does after the system has begun. */
export interface ProgrammeSegment {
  /** For people, such as "VTAB-full". */
  readonly title: string;
  /** New tasks, and those that the system has, which are activated again. */
  readonly tasks: readonly TaskSpec[];
  /** Activations of each task. */
  readonly iterations: number;
  /** What is set anew from here on. */
  readonly settings?: Partial<Omit<Settings, "seed">>;
  /** Copies that grow by this segment under seeds of their own (Table 4), and which of them the system continues as, from 1. */
  readonly replicas?: { readonly copies: number; readonly continued: number };
}

export interface Programme {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Where it comes from: paper, section, arXiv number. */
  readonly source: string;
  /** The title of the first segment, which is `experiment`. */
  readonly begins: string;
  /** How the system begins. */
  readonly experiment: Experiment;
  readonly segments: readonly ProgrammeSegment[];
}

/** A segment with what is in force while it grows. */
export interface PlannedSegment
  extends Pick<ProgrammeSegment, "title" | "tasks" | "iterations" | "replicas"> {
  /** The experiment with this segment's settings. */
  readonly experiment: Experiment;
  /** Those of its tasks that no earlier segment has. */
  readonly fresh: readonly TaskSpec[];
  /** Tasks of the system at its end; a count. */
  readonly system: number;
}

/** All segments in order, the first included. */
export function segmentsOf({ begins, experiment, segments }: Programme): PlannedSegment[] {
  const known = new Set<TaskName>();
  let now = experiment;
  const first: ProgrammeSegment = {
    title: begins,
    tasks: experiment.tasks,
    iterations: experiment.iterations,
  };
  return [first, ...segments].map(({ settings, ...segment }) => {
    now = { ...now, ...settings };
    const fresh = segment.tasks.filter(({ name }) => !known.has(name));
    for (const { name } of fresh) known.add(name);
    const { tasks, iterations } = segment;
    return { ...segment, experiment: { ...now, tasks, iterations }, fresh, system: known.size };
  });
}

/** The seed of each copy of segment `segment`, counted from 1. */
export const replicaSeeds = ({ experiment, segments }: Programme, segment: number): number[] =>
  Array.from({ length: segments[segment - 1]?.replicas?.copies ?? 0 }, (_, i) => experiment.seed + 1 + i);
