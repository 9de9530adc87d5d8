// The course of a search for each task: what had been spent, and the best validation accuracy found by then. The children of a
// generation train side by side, so after each of its validations all of them have spent one cycle more.

import type { Event } from "../core/event.js";
import { effectiveEvents } from "../core/event.js";
import { trainingFlops } from "../core/flops.js";
import type { Model, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";

/** What was spent on a task when its best accuracy rose, and at the end. */
export interface Effort {
  /** Training examples of all its children together. */
  readonly examples: number;
  /** Their operations, each child counted as if trained alone. */
  readonly flops: number;
  /** The best validation accuracy so far, in [0, 1]. */
  readonly accuracy: number;
}

/** The course of every task, by name; a task without a validation has none. */
export function effortsOf(
  state: State,
  batchSize: number,
  events: readonly Event[],
): Map<TaskName, readonly Effort[]> {
  const cost = new Map<number, number>();
  for (const event of effectiveEvents(events))
    if (event.type === "child-planned") cost.set(event.plan.child, trainingFlops(event.plan));
  const generations = new Map<TaskName, Map<string, Model[]>>();
  for (const model of state.models) {
    if (model.task === null || !model.birth || model.steps === 0) continue;
    const own = generations.get(model.task) ?? new Map<string, Model[]>();
    const key = `${model.birth.iteration}/${model.birth.generation}`;
    own.set(key, [...(own.get(key) ?? []), model]);
    generations.set(model.task, own);
  }
  return new Map([...generations].map(([task, own]) => [task, courseOf([...own.values()], batchSize, cost)]));
}

function courseOf(
  generations: readonly (readonly Model[])[],
  batchSize: number,
  cost: ReadonlyMap<number, number>,
): Effort[] {
  const course: Effort[] = [];
  let [examples, flops, best] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const children of generations) {
    const cycles = Math.max(1, ...children.map(({ evaluations }) => evaluations.length));
    for (let cycle = 0; cycle < cycles; cycle++) {
      const before = best;
      for (const { id, steps, evaluations } of children) {
        // A child that failed before its first validation was trained all the same.
        const parts = Math.max(1, evaluations.length);
        if (cycle >= parts) continue;
        const seen = (steps * batchSize) / parts;
        examples += seen;
        flops += seen * (cost.get(id) ?? 0);
        best = Math.max(best, evaluations[cycle]?.accuracy ?? best);
      }
      if (best > before) course.push({ examples, flops, accuracy: best });
    }
  }
  const last = course.at(-1);
  if (last && last.examples < examples) course.push({ examples, flops, accuracy: best });
  return course;
}
