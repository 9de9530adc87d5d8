// What tables and figures are made of: a run, finished or not, or the points of a grid. A run is a grid of one point
// where that is enough.

import type { SweepPoint } from "../analysis/point.js";
import { groupPoints } from "../analysis/sweep/groups.js";
import { best } from "../analysis/sweep/measure.js";
import { pointOfRun } from "../analysis/sweep-point.js";
import { figureNeeds, unknownName } from "../core/errors.js";
import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { variantName } from "../core/variant.js";
import { shortNames } from "../format/names.js";

/** A run: what `open` gives, or `readRun`. */
export interface RunSource {
  readonly state: State;
  readonly experiment: Experiment;
  readonly events: readonly Event[];
  /** Threads of the engine; runs of earlier versions don't say. */
  readonly threads?: number | undefined;
}

/** A grid: what `readSweep` gives, or `sweep`. */
export interface GridSource {
  readonly points: readonly SweepPoint[];
}

export type Source = RunSource | GridSource;

export interface SourceOptions {
  /** Names of variants: which curves, or for pictures of one network whose it is. */
  readonly variants?: readonly string[];
  /** Which repetition, for pictures of one network; the best where not given. */
  readonly repetition?: number;
  /** The variant that others are compared with; muNet where not given. */
  readonly against?: string;
}

const isGrid = (source: Source): source is GridSource => "points" in source;

/** The points of a grid; a run's one point. */
export const pointsOf = (source: Source): readonly SweepPoint[] =>
  isGrid(source)
    ? source.points
    : [pointOfRun(source.state, source.experiment, source.events, source.threads)];

/** The run that `source` is. Throws figure/needs where it is a grid. */
export function runOf(source: Source, name: string): RunSource {
  if (isGrid(source)) throw figureNeeds(name, "a run's folder", "a sweep");
  return source;
}

/** Names of variants that `points` has, as asked for or else `usual`. Throws variant/unknown. */
export function chosen(
  points: readonly SweepPoint[],
  { variants }: SourceOptions,
  usual: (points: readonly SweepPoint[]) => readonly string[],
): readonly string[] {
  if (!variants || variants.length === 0) return usual(points);
  const known = groupPoints(points).map(({ name }) => name);
  for (const name of variants) if (!known.includes(name)) throw unknownName("variant", name, known, "here");
  return variants;
}

/** The points of one variant: the first that is asked for, else muNet, else the first there is. */
export function oneVariant(points: readonly SweepPoint[], options: SourceOptions): readonly SweepPoint[] {
  const groups = groupPoints(points);
  const usual = groups.find(({ name }) => name === "munet-s1") ?? groups[0];
  const name = chosen(points, options, () => (usual ? [usual.name] : []))[0];
  return points.filter(({ variant }) => variantName(variant) === name);
}

/** One point of one variant: the repetition that is asked for, else the best. Throws repetition/unknown. */
export function onePoint(points: readonly SweepPoint[], options: SourceOptions): SweepPoint | undefined {
  const own = oneVariant(points, options);
  const { repetition } = options;
  if (own.length === 0) return undefined;
  if (repetition === undefined) return best(own);
  const found = own.find((point) => point.repetition === repetition);
  if (!found)
    throw unknownName(
      "repetition",
      String(repetition),
      own.map((point) => String(point.repetition)),
    );
  return found;
}

/** Short names of tasks by task. */
export function labelsOf(tasks: readonly string[]): Record<string, string> {
  const short = shortNames(tasks);
  return Object.fromEntries(tasks.map((task, i) => [task, short[i]!]));
}
