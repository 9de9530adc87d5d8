// Compares several runs: repetitions are averaged, methods and scale factors stay separate. muNet Fig. 3.

import type { Model } from "../core/model.js";
import { type State, standingTasks } from "../core/state.js";
import type { Head } from "./head.js";
import { type RepeatedPoint, type RunPoint, repeatedPoints, spread } from "./pareto.js";
import { type Kept, type Rescored, rescore, type Scoring, scoringOf, underFactor } from "./rescore.js";

/** The part of a run that a comparison needs. */
export interface ComparedRun {
  readonly head: Head;
  readonly state: State;
}

export interface Comparison {
  /** Every method's name once, including those of runs without a point yet, so that a method keeps its colour. */
  readonly curves: readonly string[];
  readonly points: readonly RepeatedPoint[];
  /** The same archives re-scored with `scale`; empty if that is null. */
  readonly again: readonly RepeatedPoint[];
  /** Whether accuracies are test accuracies; they are validation accuracies if a run isn't tested or all are re-scored. */
  readonly isTest: boolean;
  /** The tasks over which means are taken: those for which every run has a model, out of all tasks of the runs. If the runs have none in common, each mean is over the run's own tasks. */
  readonly tasks: { readonly common: number; readonly all: number };
}

/** Points of `runs` as they were kept and, if `scale` is given, as it would keep them. */
export function comparisonOf(runs: readonly ComparedRun[], scale: number | null): Comparison {
  const scored = runs.map((run) => ({ run, scoring: scoringOf(run.state, run.head.method) }));
  // All runs use one root size, or the same factor would mean something different in each run.
  const rootParams =
    scored.find(({ scoring }) => scoring.scaleFactor !== 1)?.scoring.rootParams ??
    Math.max(1, ...scored.map(({ scoring }) => scoring.rootParams));
  const own = scored.map(({ run, scoring }) => ({ run, scoring, found: rescore(run.state, scoring) }));
  // Models that only another scale factor would keep were never tested.
  const isTest = scale === null && own.length > 0 && own.every(({ found }) => found.meanTest !== null);
  const known = own.filter(hasModels);
  const everywhere = commonTasks(known.map(({ found }) => found.kept.map(({ task }) => task)));
  const pointOf = ({ head }: ComparedRun, { kept, scaleFactor }: Rescored): RunPoint => {
    // A run that has reached only its first task must not be compared with other runs' means over all tasks.
    const counted = kept.filter(({ task }) => everywhere.size === 0 || everywhere.has(task));
    const mean = (value: (each: Kept) => number) => spread(counted.map(value)).mean;
    return {
      ...head.method.label,
      scaleFactor,
      params: mean((each) => each.accountedParams),
      accuracy: mean(({ model }) => (isTest ? model.testAccuracy : model.accuracy) ?? 0),
    };
  };
  const rescored = (run: ComparedRun, scoring: Scoring, scaleFactor: number) =>
    pointOf(run, rescore(run.state, { ...underFactor(scoring, scaleFactor), rootParams }));
  return {
    curves: curvesOf(runs),
    points: repeatedPoints(known.map(({ run, found }) => pointOf(run, found))),
    again:
      scale === null
        ? []
        : repeatedPoints(
            known.map(({ run, scoring }) => ({ ...rescored(run, scoring, scale), point: `s ${scale}` })),
          ),
    tasks: {
      common: everywhere.size,
      all: new Set(runs.flatMap(({ state }) => standingTasks(state).map(({ name }) => name))).size,
    },
    isTest,
  };
}

/** Names of the methods of `runs`, each once. */
export const curvesOf = (runs: readonly Pick<ComparedRun, "head">[]): string[] => [
  ...new Set(runs.map(({ head }) => head.method.label.curve)),
];

const hasModels = ({ found }: { found: Rescored }): boolean => found.kept.length > 0;

const commonTasks = (lists: readonly (readonly string[])[]): ReadonlySet<string> =>
  new Set(lists[0]?.filter((task) => lists.every((list) => list.includes(task))));

/** Repetitions of one method under one scale factor, task by task. */
export interface ComparedColumn {
  readonly curve: string;
  readonly point: string;
  readonly seeds: readonly number[];
}

export interface ComparedRow {
  readonly task: string;
  /** By column: each run's accuracy, their mean and their deviation. */
  readonly cells: readonly {
    readonly accuracies: readonly (number | null)[];
    readonly mean: number | null;
    readonly std: number | null;
  }[];
}

export interface ComparedAccuracies {
  readonly columns: readonly ComparedColumn[];
  readonly rows: readonly ComparedRow[];
  /** Test accuracies if every run was tested on all its tasks, otherwise validation; never both in one mean. */
  readonly isTest: boolean;
}

/** Accuracies of every task by method and scale factor. Deviations are those of the population, as in the paper. */
export function comparedAccuracies(runs: readonly ComparedRun[]): ComparedAccuracies {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const key = JSON.stringify(run.head.method.label);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const tasks = [...new Set(runs.flatMap(({ state }) => standingTasks(state).map(({ name }) => name)))];
  const isTest = runs.every(({ state }) =>
    standingTasks(state).every(({ name }) => survivor(state, name)?.testAccuracy != null),
  );
  const accuracyOf = (state: State, task: string): number | null => {
    const model = survivor(state, task);
    return (isTest ? model?.testAccuracy : model?.accuracy) ?? null;
  };
  return {
    isTest,
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

const survivor = ({ models, retained }: State, task: string): Model | undefined =>
  models.get(retained[task] ?? -1);
