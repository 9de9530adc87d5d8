// Quality against size, as data. Within a run: every candidate, each task's front, and the whole network under a range
// of scale factors. Between runs: one point per method and scale factor, with the spread over repetitions. muNet Fig. 3.

import type { Model, TaskName } from "../core/model.js";
import { accountedParams } from "../core/score.js";
import { isForgotten, type State } from "../core/state.js";
import type { MethodLabel } from "../format/method-names.js";
import { type Rescored, rescore, type Scoring, underFactor, usersBeside } from "./rescore.js";

/** A point of the picture: parameters (a count), accuracy in [0, 1]. */
export interface Place {
  readonly params: number;
  readonly accuracy: number;
}

export interface CandidatePoint extends Place {
  readonly model: Model;
  readonly task: TaskName;
  readonly isKept: boolean;
}

/** All candidates, with the picks of `rescored` marked, by validation accuracy. */
export function candidatePoints(state: State, rescored: Rescored): CandidatePoint[] {
  const kept = new Set(rescored.kept.map(({ model }) => model.id));
  const users = new Map<TaskName, ReturnType<typeof usersBeside>>();
  return state.models.flatMap((model) => {
    if (model.task === null || model.accuracy === null || model.path.length === 0) return [];
    if (isForgotten(state, model)) return [];
    const beside = users.get(model.task) ?? usersBeside(rescored, model.task);
    users.set(model.task, beside);
    const params = accountedParams(model.path, beside);
    return [{ model, task: model.task, params, accuracy: model.accuracy, isKept: kept.has(model.id) }];
  });
}

/** The `points` that no other beats in both respects, by rising size; of equals, the first. */
export function paretoFront<T extends Place>(points: readonly T[]): T[] {
  const sorted = [...points].sort((a, b) => a.params - b.params || b.accuracy - a.accuracy);
  let best = Number.NEGATIVE_INFINITY;
  return sorted.filter(({ accuracy }) => {
    if (accuracy <= best) return false;
    best = accuracy;
    return true;
  });
}

/** The scale factors to try, smallest first. */
export const SCALES: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1];

/** The whole network under each of `scales`. */
export const sweep = (state: State, scoring: Scoring, scales: readonly number[] = SCALES): Rescored[] =>
  scales.map((scaleFactor) => rescore(state, underFactor(scoring, scaleFactor)));

/** A run's result: the mean over its tasks. */
export interface RunPoint extends Place, MethodLabel {
  readonly scaleFactor: number;
}

/** Repetitions of one method under one scale factor. Deviations are those of the population, as in the paper. */
export interface RepeatedPoint extends RunPoint {
  readonly runs: number;
  readonly paramsStd: number;
  readonly accuracyStd: number;
}

export function repeatedPoints(points: readonly RunPoint[]): RepeatedPoint[] {
  const groups = new Map<string, RunPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([point.curve, point.point]);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()].map((group) => {
    const { curve, point, scaleFactor } = group[0]!;
    const params = spread(group.map((one) => one.params));
    const accuracy = spread(group.map((one) => one.accuracy));
    return {
      curve,
      point,
      scaleFactor,
      runs: group.length,
      params: params.mean,
      paramsStd: params.std,
      accuracy: accuracy.mean,
      accuracyStd: accuracy.std,
    };
  });
}

/** Mean and population standard deviation. */
export function spread(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  return { mean, std: Math.sqrt(variance) };
}
