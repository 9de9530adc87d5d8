// The accuracy table: one row per task, with the accuracy after each iteration and its gain.

import type { ModelId } from "../core/model.js";
import type { State } from "../core/state.js";
import { type TaskResult, taskResults } from "./accuracy.js";
import { rescore, type Scoring } from "./rescore.js";

export interface AccuracyRow extends TaskResult {
  readonly model: ModelId | null;
  /** Validation accuracy after each iteration, and the gain over the one before; null if there is none yet. */
  readonly iterations: readonly { readonly accuracy: number | null; readonly delta: number | null }[];
}

export function accuracyRows(state: State, scoring: Scoring): AccuracyRow[] {
  const { activations } = rescore(state, scoring);
  const iterations = 1 + Math.max(-1, ...activations.map(({ iteration }) => iteration));
  // The activation in flight has no result yet.
  const { activation } = state;
  const over = activations.filter(
    ({ task, iteration }) => activation?.task !== task || activation.iteration !== iteration,
  );
  return taskResults(state).map((result) => {
    const steps = Array.from(
      { length: iterations },
      (_, i) =>
        over.find(({ task, iteration }) => task === result.task && iteration === i)?.model.accuracy ?? null,
    );
    return {
      ...result,
      model: state.retained[result.task] ?? null,
      iterations: steps.map((accuracy, i) => {
        const before = i > 0 ? steps[i - 1] : null;
        return { accuracy, delta: accuracy === null || before == null ? null : accuracy - before };
      }),
    };
  });
}
