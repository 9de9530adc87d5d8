// What tables and figures are made of: a run, finished or not, or the points of a sweep. Where points are enough, a run
// counts as a sweep of one point.

import type { SweepPoint } from "../analysis/point.js";
import { pointOfRun } from "../analysis/sweep-point.js";
import { figureNeeds } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { shortNames } from "../format/names.js";

/** A run, from `open` or `readRun`. */
export interface RunSource {
  readonly state: State;
  readonly experiment: Experiment;
  readonly events: readonly Event[];
  /** Threads of the engine; runs of earlier versions don't say. */
  readonly threads?: number | undefined;
}

/** A sweep, from `sweep` or `readSweep`. */
export interface SweepSource {
  readonly points: readonly SweepPoint[];
}

export type Source = RunSource | SweepSource;

export interface SourceOptions {
  /** Names of variants: the curves to show or, for pictures of one network, the one to show. */
  readonly variants?: readonly string[];
  /** Repetition to show, for pictures of one network; the best by default. */
  readonly repetition?: number;
  /** The variant that others are compared with; muNet by default. */
  readonly against?: string;
}

const isSweep = (source: Source): source is SweepSource => "points" in source;

/** The points of a sweep; a run's one point. */
export const pointsOf = (source: Source): readonly SweepPoint[] =>
  isSweep(source)
    ? source.points
    : [pointOfRun(source.state, source.experiment, source.events, source.threads)];

/** `source` as a run. Throws figure/needs if it is a sweep. */
export function runOf(source: Source, name: string): RunSource {
  if (isSweep(source)) throw figureNeeds(name, "a run's folder", "a sweep");
  return source;
}

/** Short names by task. */
export function labelsOf(tasks: readonly string[]): Record<string, string> {
  const short = shortNames(tasks);
  return Object.fromEntries(tasks.map((task, i) => [task, short[i]!]));
}
