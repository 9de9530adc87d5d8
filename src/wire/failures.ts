// Why children failed. The state records that they did; the reasons are only in the events.

import { type Event, effectiveEvents } from "../core/event.js";
import type { ModelId } from "../core/model.js";

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export type Failures = Readonly<Record<ModelId, Failure>>;

/** The failed children of `events`, without those that a resume made void. */
export const failuresOf = (events: Iterable<Event>): Failures =>
  effectiveEvents(events).reduce<Failures>(withFailure, {});

/** `failures` after `event`. */
export function withFailure(failures: Failures, event: Event): Failures {
  if (event.type !== "child-finished" || event.outcome.result !== "failed") return failures;
  const { code, message } = event.outcome;
  return { ...failures, [event.child]: { code, message } };
}
