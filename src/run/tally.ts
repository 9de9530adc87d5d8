// What all events of a journal add up to, effective or not: resumes, time, threads, and the places of a person's own images.

import type { Event } from "../core/event.js";
import type { TaskName } from "../core/model.js";
import type { OwnImages } from "../core/task.js";

export interface Tally {
  /** How often the run was resumed after an interruption. */
  readonly resumes: number;
  /** Time from event to event, without the gaps before sessions. */
  readonly wallMs: number;
  /** The time of the last event; null if it has none. */
  readonly lastAt: number | null;
  /** Training and validating children. */
  readonly trainMs: number;
  /** Threads of the engine in the present session; null where nobody knows. */
  readonly threads: number | null;
  /** The sum of trainMs × threads; null once there was time with an unknown number of threads. */
  readonly threadMs: number | null;
  /** Where images were, as the events say. */
  readonly images: Readonly<Record<TaskName, OwnImages>>;
}

/** Before the first event; `threads` are those that run.json names. */
export const emptyTally = (threads: number | undefined): Tally => ({
  resumes: 0,
  wallMs: 0,
  lastAt: null,
  trainMs: 0,
  threads: threads ?? null,
  threadMs: 0,
  images: {},
});

/** The events with which a session begins; the time before them doesn't count. */
const begins = ({ type }: Event): boolean =>
  type === "run-resumed" ||
  type === "run-extended" ||
  type === "run-merged" ||
  type === "merge-ended" ||
  type === "task-forgotten";

/** The tally after `events`, which follow those of `start`. */
export function tallyOf(events: Iterable<Event>, start: Tally): Tally {
  let { resumes, wallMs, lastAt, trainMs, threads, threadMs } = start;
  let images = start.images;
  for (const event of events) {
    const { clock } = event;
    const at = clock?.at ?? null;
    if (event.type === "run-resumed") resumes += 1;
    if (!begins(event) && lastAt !== null && at !== null) wallMs += Math.max(0, at - lastAt);
    lastAt = at;
    threads = clock?.threads ?? threads;
    const ms = clock?.trainMs ?? 0;
    trainMs += ms;
    if (ms > 0) threadMs = threads === null || threadMs === null ? null : threadMs + ms * threads;
    if (clock?.images) images = { ...images, ...clock.images };
  }
  return { resumes, wallMs, lastAt, trainMs, threads, threadMs, images };
}

/** Threads of the engine, on average over the training; undefined where nobody knows. */
export function meanThreads({ trainMs, threads, threadMs }: Tally): number | undefined {
  const mean = trainMs > 0 ? threadMs && threadMs / trainMs : threads;
  return mean ?? undefined;
}
