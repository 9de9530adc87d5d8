// The digest of a run: one short name for everything it did, the same for the same seed, however often it was interrupted
// and however long it took.

import { createHash } from "node:crypto";
import { type Event, type EventBody, effectiveEvents, withoutClock } from "../core/event.js";
import { jsonReady } from "../store/parse-event.js";

/** sha-256 over the effective events without their clocks: one line of JSON each, keys sorted. */
export function digestOf(events: Iterable<Event>): string {
  const hash = createHash("sha256");
  for (const event of effectiveEvents(events))
    hash.update(`${canonicalJson(jsonReady(withoutForm(withoutClock(event))))}\n`);
  return hash.digest("hex");
}

/** What happened does not depend on how it is stored: every format has the digest of the first, and run.json, which names the machine, is not part of it. */
function withoutForm(event: EventBody): EventBody {
  if (event.type !== "run-started") return event;
  const { header: _, ...started } = event;
  return { ...started, format: 1 };
}

/** JSON with the keys of every object sorted and no spaces, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
}
