// Accuracy over time: every child as it was made and the best kept so far (the run's view), and the validations along a
// survivor's own lineage (muNet Fig. 5).

import { type ColumnTable, from } from "arquero";
import type { Event } from "../core/event.js";
import { effectiveEvents } from "../core/event.js";
import type { Model, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { timesOf } from "./clock.js";
import { survivorsOf } from "./survivors.js";

/** One child when it ended. Accuracies in [0, 1]. */
export interface ChildPoint {
  /** Number of the child in the run, from 1. */
  readonly child: number;
  /** Minutes of running since the start; null without a clock. */
  readonly minutes: number | null;
  readonly task: TaskName;
  readonly accuracy: number;
  readonly kept: boolean;
  /** Best validation accuracy kept for the task up to and with this child. */
  readonly best: number | null;
}

const isKept = (model: Model): boolean => model.status !== "discarded" && model.status !== "failed";

/** Every validated child in order of planning. `events` (raw, as in the journal) only add the minutes. */
export function childPoints(state: State, events: Iterable<Event> = []): ChildPoint[] {
  const raw = [...events];
  const { at } = timesOf(raw);
  const ended = new Map<number, number | null>();
  for (const [i, event] of effectiveEvents(raw).entries())
    if (event.type === "child-finished") ended.set(event.child, at[i] ?? null);
  const best = new Map<TaskName, number>();
  const points: ChildPoint[] = [];
  for (const model of state.models) {
    if (model.task === null || model.accuracy === null || model.status === "training") continue;
    const kept = isKept(model);
    if (kept) best.set(model.task, Math.max(best.get(model.task) ?? 0, model.accuracy));
    const seconds = ended.get(model.id) ?? null;
    points.push({
      child: model.id,
      minutes: seconds === null ? null : seconds / 60,
      task: model.task,
      accuracy: model.accuracy,
      kept,
      best: best.get(model.task) ?? null,
    });
  }
  return points;
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
    const lineage: Model[] = [];
    for (
      let at: Model | undefined = survivor;
      at?.task === survivor.task;
      at = at.parent === null ? undefined : state.models[at.parent]
    )
      lineage.unshift(at);
    const points = lineage.flatMap((model) => {
      const accuracies = model.evaluations.map(({ accuracy }) => accuracy);
      const best = accuracies.indexOf(Math.max(...accuracies));
      return accuracies.slice(0, best + 1).map((accuracy) => ({ model: model.id, accuracy }));
    });
    return points.map((point, validation) => ({ task: survivor.task!, validation, ...point }));
  });

/** Every child as a table: child, minutes, task, accuracy, kept, best. */
export const learningTable = (state: State, events: Iterable<Event> = []): ColumnTable =>
  from(childPoints(state, events));
