// Compares runs from the same seed with one of them, task by task: pairs, because they share data, root and draws.

import { type State, standingTasks } from "../core/state.js";
import { spread } from "./pareto.js";

export interface Difference {
  /** In [0, 1]; null if there is no model yet. */
  readonly accuracy: number | null;
  /** Difference from the base; null if either is missing. */
  readonly delta: number | null;
}

export interface DifferenceRow {
  /** Null means the mean over the tasks that all of them have. */
  readonly task: string | null;
  readonly base: number | null;
  readonly others: readonly Difference[];
}

export interface Differences {
  readonly rows: readonly DifferenceRow[];
  /** The last row's name, with the number of tasks if it is not over all. */
  readonly meanOf: string;
  /** Whether accuracies are test accuracies, which requires that all models were tested. */
  readonly isTest: boolean;
}

/** What a person must know of numbers that are of one run each. */
export const ONE_RUN = "A single run of each: how far another would be from it is not known.";

/** What a person must know of `pairs` differences between runs, each of one run with one other. */
export const pairWords = (pairs: number): string =>
  `${pairs === 1 ? "This is" : "Each is"} a single pair of runs: a difference without an interval, which chance alone can make.`;

export function pairedDifferences(base: State, others: readonly State[]): Differences {
  const all = [base, ...others];
  const tasks = standingTasks(base).map(({ name }) => name);
  const isTest = all.every((state) =>
    tasks.every((task) => state.models.get(state.retained[task] ?? -1)?.testAccuracy != null),
  );
  const accuracy = ({ models, retained }: State, task: string): number | null => {
    const model = models.get(retained[task] ?? -1);
    return (isTest ? model?.testAccuracy : model?.accuracy) ?? null;
  };
  const row = (task: string | null, values: readonly (number | null)[]): DifferenceRow => {
    const [own = null, ...rest] = values;
    const others = rest.map((value) => ({
      accuracy: value,
      delta: value === null || own === null ? null : value - own,
    }));
    return { task, base: own, others };
  };
  const byTask = tasks.map((task) => all.map((state) => accuracy(state, task)));
  const whole = byTask.filter((values) => values.every((value) => value !== null));
  const means = all.map((_, i) =>
    whole.length === 0 ? null : spread(whole.map((values) => values[i]!)).mean,
  );
  const meanOf = whole.length === tasks.length ? "Mean" : `Mean over ${whole.length} of ${tasks.length}`;
  return { meanOf, rows: [...byTask.map((values, i) => row(tasks[i]!, values)), row(null, means)], isTest };
}
