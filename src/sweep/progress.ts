// The progress of a sweep, for the people who wait for it: points, the current run, a forecast of the time left.

import type { SweepPoint } from "../analysis/point.js";
import { type Progress, shareDone } from "../analysis/progress.js";
import { variantName } from "../core/variant.js";
import { forecastOf } from "./forecast.js";
import { type PlannedPoint, pointName } from "./plan.js";
import type { TrainCounts } from "./work.js";

/** A sweep at one moment. */
export interface SweepProgress {
  readonly pointsDone: number;
  readonly pointsTotal: number;
  /** Points that failed since the sweep was opened. */
  readonly failed: number;
  /** The current point, and the progress of its run. */
  readonly current: {
    readonly name: string;
    readonly repetition: number;
    readonly run: Progress;
    readonly tasks: readonly string[];
  } | null;
  /** Seconds of work done and left, by forecast. */
  readonly secondsDone: number;
  readonly secondsLeft: number;
  /** Those that have ended. */
  readonly points: readonly SweepPoint[];
}

/** Everything that determines a sweep's progress. */
export interface SweepStanding {
  readonly chosen: readonly PlannedPoint[];
  readonly points: readonly SweepPoint[];
  /** Names of the points that failed. */
  readonly failed: ReadonlySet<string>;
  readonly current: { readonly point: PlannedPoint; readonly progress: Progress } | null;
  readonly counts: TrainCounts;
  readonly threads: number;
}

export function sweepProgress(standing: SweepStanding): SweepProgress {
  const { chosen, points, failed, current, counts, threads } = standing;
  const ended = new Set(points.map(({ variant, repetition }) => pointName(variant, repetition)));
  const forecast = forecastOf(chosen, points, counts, threads);
  const sum = (which: (name: string) => boolean): number =>
    forecast.reduce((total, { name, seconds }) => (which(name) ? total + seconds : total), 0);
  const ahead = (name: string): boolean => !ended.has(name) && !failed.has(name);
  const under = current ? sum((name) => name === current.point.name && ahead(name)) : 0;
  const behind = under * (current ? shareDone(current.progress) : 0);
  return {
    pointsDone: chosen.filter(({ name }) => ended.has(name)).length,
    pointsTotal: chosen.length,
    failed: failed.size,
    current: current && {
      name: variantName(current.point.variant),
      repetition: current.point.repetition,
      run: current.progress,
      tasks: current.point.experiment.tasks.map(({ name }) => name),
    },
    secondsDone: sum((name) => ended.has(name)) + behind,
    secondsLeft: sum(ahead) - behind,
    points,
  };
}
