// Runs from the same seed against one of them, task by task: paired, because they share data, root and draws.

import { type State, standingTasks } from "../core/state.js";
import { spread } from "./pareto.js";

export interface Difference {
  /** In [0, 1]; null where there is no model yet. */
  readonly accuracy: number | null;
  /** Against the base; null where either is missing. */
  readonly delta: number | null;
}

export interface DifferenceRow {
  /** Null: the mean over those tasks that all of them have. */
  readonly task: string | null;
  readonly base: number | null;
  readonly others: readonly Difference[];
}

export interface Differences {
  readonly rows: readonly DifferenceRow[];
  /** The last row's name: over how many tasks it is, where those are not all. */
  readonly meanOf: string;
  /** Test accuracies where all models were tested, else validation. */
  readonly isTest: boolean;
}

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
