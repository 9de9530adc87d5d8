// Time on cores: what training and validating took, times the threads that the engine had then.

import type { Event } from "../core/event.js";

/**
 * Each event with the milliseconds × threads of the training that it reports, which is not a number where the run does not say
 * on how many threads. `threads`: those that the run began with; sessions record their own.
 */
export function* withCoreMs(
  events: Iterable<Event>,
  threads: number | undefined,
): Generator<{ readonly event: Event; readonly coreMs: number }> {
  let now = threads;
  for (const event of events) {
    now = event.clock?.threads ?? now;
    yield { event, coreMs: (event.clock?.trainMs ?? 0) * (now ?? Number.NaN) };
  }
}

/** `sum` in units of `unit` milliseconds; null where it is not a number. */
export const coreTime = (sum: number, unit: number): number | null => (Number.isNaN(sum) ? null : sum / unit);
