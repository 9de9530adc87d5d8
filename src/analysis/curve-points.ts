// The children of a run in time, for its curves: in children, in generations or, if the times are known, in minutes.

import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { type ChildPoint, childPoints } from "./learning.js";

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

/** Minutes of evolution at the end of each generation, without pauses. */
export function generationMinutes(events: Iterable<Event>): number[] {
  const minutes: number[] = [];
  for (const event of events)
    if (event.type === "generation-ended")
      minutes.push((minutes.at(-1) ?? 0) + (event.clock?.wallMs ?? Number.NaN) / 60_000);
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
