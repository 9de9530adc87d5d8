// Accuracy over time: every child in the order of planning with the best kept so far (the run's view), and the validations
// along a survivor's own lineage (muNet Fig. 5).

import type { Event } from "../core/event.js";
import type { TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { sameTaskLineage, survivorsOf } from "./survivors.js";

/** One child when it ended. Accuracies in [0, 1]. */
export interface ChildPoint {
  /** Number of the child in the run, from 1. */
  readonly child: number;
  /** Minutes of evolution up to the end of the child's generation; null without a clock. */
  readonly minutes: number | null;
  readonly task: TaskName;
  readonly accuracy: number;
  readonly kept: boolean;
  /** Best validation accuracy kept for the task up to and including this child; null if none was kept yet. */
  readonly best: number | null;
}

/** Every child that ended without failing, in order of planning. `events` (the effective ones) only add the minutes. */
export function childPoints(state: State, events: Iterable<Event> = []): ChildPoint[] {
  const minutes = minutesByChild(events);
  const best = new Map<TaskName, number>();
  const points: ChildPoint[] = [];
  for (const model of state.models) {
    const { id: child, task, accuracy } = model;
    if (task === null || accuracy === null || model.status === "training" || model.status === "failed")
      continue;
    const kept = model.status !== "discarded";
    if (kept) best.set(task, Math.max(best.get(task) ?? 0, accuracy));
    points.push({
      child,
      minutes: minutes.get(child) ?? null,
      task,
      accuracy,
      kept,
      best: best.get(task) ?? null,
    });
  }
  return points;
}

/** The children of a generation end together; minutes are sums of generations' durations, so they exclude pauses. */
function minutesByChild(events: Iterable<Event>): Map<number, number> {
  const minutes = new Map<number, number>();
  let children: number[] = [];
  let elapsed = 0;
  for (const event of events) {
    if (event.type === "child-planned") children.push(event.plan.child);
    if (event.type !== "generation-ended") continue;
    const wallMs = event.clock?.wallMs;
    if (wallMs !== undefined) {
      elapsed += wallMs / 60_000;
      for (const child of children) minutes.set(child, elapsed);
    }
    children = [];
  }
  return minutes;
}

/** A survivor's test accuracy, at the last child of the activation that made it. */
export interface TestPoint {
  readonly child: number;
  readonly task: TaskName;
  readonly accuracy: number;
}

/** The tests of the models that survive today. */
export const testPoints = (state: State): TestPoint[] =>
  survivorsOf(state).flatMap((model) => {
    if (model.testAccuracy === null || !model.birth) return [];
    const siblings = state.models.filter(
      (other) => other.task === model.task && other.birth?.iteration === model.birth!.iteration,
    );
    return [{ child: siblings.at(-1)!.id, task: model.task!, accuracy: model.testAccuracy }];
  });

/** One validation on the way to a survivor. */
export interface CurvePoint {
  readonly task: TaskName;
  /** Counted along the curve, from 0. */
  readonly validation: number;
  readonly model: number;
  readonly accuracy: number;
}

/** Each survivor's validations joined to those of its ancestors of the same task, every one up to its best. muNet Fig. 5. */
export const learningCurves = (state: State): CurvePoint[] =>
  survivorsOf(state).flatMap((survivor) => {
    const points = sameTaskLineage(state, survivor).flatMap((model) => {
      const accuracies = model.evaluations.map(({ accuracy }) => accuracy);
      const best = accuracies.indexOf(Math.max(...accuracies));
      return accuracies.slice(0, best + 1).map((accuracy) => ({ model: model.id, accuracy }));
    });
    return points.map((point, validation) => ({ task: survivor.task!, validation, ...point }));
  });
