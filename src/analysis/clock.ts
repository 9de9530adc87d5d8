// What the clock fields of a run's events add up to. Time between an interruption and the resume after it is nobody's.

import type { Event } from "../core/event.js";

/** Seconds of a run: wall time while it ran, time in training (gradient steps and validations); and how often it was resumed. */
export interface RunTimes {
  readonly wallSeconds: number;
  readonly trainSeconds: number;
  readonly resumes: number;
  /** Seconds from the start to each of the effective events, pauses left out; null without a clock. */
  readonly at: readonly (number | null)[];
}

/** The times of a run from its raw events, voided ones too: what was spent twice counts twice. */
export function timesOf(events: Iterable<Event>): RunTimes {
  let wall = 0;
  let train = 0;
  let resumes = 0;
  let last: number | undefined;
  const at: (number | null)[] = [];
  for (const event of events) {
    const now = event.clock?.at;
    if (event.type === "run-resumed") {
      resumes += 1;
      at.length = Math.min(at.length, event.kept);
      last = now;
      continue;
    }
    if (now !== undefined && last !== undefined) wall += Math.max(0, now - last);
    last = now ?? last;
    train += event.type === "child-validated" ? (event.clock?.trainMs ?? 0) : 0;
    at.push(now === undefined ? null : wall / 1000);
  }
  return { wallSeconds: wall / 1000, trainSeconds: train / 1000, resumes, at };
}
