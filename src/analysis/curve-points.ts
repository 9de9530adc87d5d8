// The children of a run in time, for its curves: in children, in generations or, if the times are known, in minutes.

import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { type ChildPoint, childPoints } from "./learning.js";
import { candidatePoints } from "./pareto.js";
import { rescore, type Scoring } from "./rescore.js";

/** Generation of the run in which each model was made, from 1, by id; 0 for the root. */
export function generationsOf(state: State): number[] {
  let [generation, place] = [0, ""];
  return [...state.models].map(({ task, birth }) => {
    if (!birth) return 0;
    const own = JSON.stringify([task, birth.iteration, birth.generation]);
    if (own !== place) generation += 1;
    place = own;
    return generation;
  });
}

/** Minutes of evolution at the end of each generation, without pauses; `before` are those of the generations before the first event. */
export function generationMinutes(
  events: Iterable<Event>,
  before: readonly number[] = [],
): readonly number[] {
  let minutes = before;
  for (const event of events) {
    if (event.type !== "generation-ended") continue;
    if (minutes === before) minutes = [...before];
    const ended = (minutes.at(-1) ?? 0) + (event.clock?.wallMs ?? Number.NaN) / 60_000;
    (minutes as number[]).push(ended);
  }
  return minutes;
}

/** Every child that ended, with its place in time; in minutes, only those whose generation has ended. */
export function curvePoints(
  state: State,
  time: "children" | "generations" | "minutes",
  minutes: readonly number[] = [],
): (ChildPoint & { readonly at: number })[] {
  const generations = generationsOf(state);
  return childPoints(state).flatMap((point) => {
    const generation = generations[point.child]!;
    const at =
      time === "children" ? point.child : time === "generations" ? generation : minutes[generation - 1];
    return at === undefined || !Number.isFinite(at) ? [] : [{ ...point, at }];
  });
}

/** `points` as scores, which `accuracy` and `best` then are: the accuracy times s^(accounted parameters ÷ reference size), with layers shared as they are now. A discarded child has no layers any more, so it has no score. */
export function scoredPoints<Point extends ChildPoint>(
  points: readonly Point[],
  state: State,
  scoring: Scoring,
): Point[] {
  const sizes = new Map(
    candidatePoints(state, rescore(state, scoring)).map(({ model, params }) => [model.id, params]),
  );
  const best = new Map<string, number>();
  return points.flatMap((point) => {
    const size = sizes.get(point.child);
    if (size === undefined) return [];
    const accuracy = point.accuracy * scoring.scaleFactor ** (size / scoring.rootParams);
    best.set(point.task, Math.max(best.get(point.task) ?? 0, accuracy));
    return [{ ...point, accuracy, best: best.get(point.task)! }];
  });
}
