// Which version of a child is kept, and the history of its layers (method.md §b.8, §d.4).

import type { Plan, TaskName, TrainingSpan } from "../core/model.js";

/** Whether a version with this validation accuracy replaces the best one so far (its score, or null). */
export function isKept(
  plan: Pick<Plan, "reference" | "sizeFactor">,
  accuracy: number,
  best: number | null,
  keepTies: boolean,
): boolean {
  const score = accuracy * plan.sizeFactor;
  const toBeat = Math.max(plan.reference ?? Number.NEGATIVE_INFINITY, best ?? Number.NEGATIVE_INFINITY);
  return keepTies ? score >= toBeat : score > toBeat;
}

/** `history` with `steps` more on `task`; consecutive steps on one task are one span. */
export function withSteps(history: readonly TrainingSpan[], task: TaskName, steps: number): TrainingSpan[] {
  const last = history.at(-1);
  return last?.task === task
    ? [...history.slice(0, -1), { task, steps: last.steps + steps }]
    : [...history, { task, steps }];
}
