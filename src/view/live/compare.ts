// Several runs side by side: repetitions are averaged, methods and scale factors stand apart. muNet Fig. 3.

import type { State } from "../../core/state.js";
import { type RepeatedPoint, type RunPoint, repeatedPoints, spread } from "./pareto.js";
import { rescore, type Scoring, scoringOf } from "./rescore.js";
import type { Head } from "./schema.js";

/** A run as far as comparing needs it. */
export interface ComparedRun {
  readonly head: Head;
  readonly state: State;
}

export interface Comparison {
  readonly points: readonly RepeatedPoint[];
  /** The same archives re-scored with `scale`; empty where that is null. */
  readonly again: readonly RepeatedPoint[];
  /** Whether accuracies are of test images; validation where a run isn't tested or all are re-scored. */
  readonly isTest: boolean;
}

/** Points of `runs` as they were kept and, where `scale` is given, as it would keep them. */
export function comparisonOf(runs: readonly ComparedRun[], scale: number | null): Comparison {
  const scored = runs.map((run) => ({ run, scoring: scoringOf(run.state, run.head.method) }));
  // One size of the root for all, or the same factor would mean something else in every run.
  const rootParams =
    scored.find(({ scoring }) => scoring.scaleFactor !== 1)?.scoring.rootParams ??
    Math.max(1, ...scored.map(({ scoring }) => scoring.rootParams));
  const own = scored.map(({ run, scoring }) => ({ run, found: rescore(run.state, scoring) }));
  // Models that only another scale factor would keep were never tested.
  const isTest = scale === null && own.length > 0 && own.every(({ found }) => found.meanTest !== null);
  const pointOf = ({ head }: ComparedRun, found: ReturnType<typeof rescore>): RunPoint => ({
    ...head.method.label,
    scaleFactor: found.scaleFactor,
    params: found.meanAccounted,
    accuracy: isTest ? found.meanTest! : found.meanAccuracy,
  });
  const rescored = (run: ComparedRun, scoring: Scoring, scaleFactor: number) =>
    pointOf(run, rescore(run.state, { ...scoring, rootParams, scaleFactor }));
  return {
    points: repeatedPoints(own.filter(hasModels).map(({ run, found }) => pointOf(run, found))),
    again:
      scale === null
        ? []
        : repeatedPoints(
            scored.map(({ run, scoring }) => ({ ...rescored(run, scoring, scale), point: `s ${scale}` })),
          ),
    isTest,
  };
}

const hasModels = ({ found }: { found: ReturnType<typeof rescore> }): boolean => found.kept.length > 0;

/** Repetitions of one method under one scale factor, task by task. */
export interface ComparedColumn {
  readonly curve: string;
  readonly point: string;
  readonly seeds: readonly number[];
}

export interface ComparedRow {
  readonly task: string;
  /** By column: each run's accuracy (test, or validation where it isn't tested yet), mean and deviation. */
  readonly cells: readonly {
    readonly accuracies: readonly (number | null)[];
    readonly mean: number | null;
    readonly std: number | null;
  }[];
}

/** Accuracies of every task by method and scale factor. Deviations are those of the population, as in the paper. */
export function comparedAccuracies(runs: readonly ComparedRun[]): {
  columns: readonly ComparedColumn[];
  rows: readonly ComparedRow[];
} {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(run.head.method.label);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const tasks = [...new Set(runs.flatMap(({ state }) => state.tasks.map(({ name }) => name)))];
  return {
    columns: [...groups.values()].map((group) => ({
      ...group[0]!.head.method.label,
      seeds: group.map(({ head }) => head.experiment.seed),
    })),
    rows: tasks.map((task) => ({
      task,
      cells: [...groups.values()].map((group) => {
        const accuracies = group.map(({ state }) => accuracyOf(state, task));
        const known = accuracies.filter((value) => value !== null);
        const { mean, std } = spread(known);
        return {
          accuracies,
          mean: known.length > 0 ? mean : null,
          std: known.length > 1 ? std : null,
        };
      }),
    })),
  };
}

function accuracyOf({ models, retained }: State, task: string): number | null {
  const model = models[retained[task] ?? -1];
  return model ? (model.testAccuracy ?? model.accuracy) : null;
}
