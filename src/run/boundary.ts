// A moment of a run that it can be looked at and branched from: after some of its generations, or at the end of a segment.

import { valueNotValid } from "../core/errors/index.js";
import { type Event, upToBoundary } from "../core/event.js";
import { segmentStarts } from "../core/segments.js";

/** After so many complete generations (0: only the root), or at the end of a segment, counted from 1. */
export type Boundary = number | { readonly segment: number };

/** Parses "12" or "segment 3". Throws options/not-valid. */
export function parseBoundary(text: string): Boundary {
  const [, segment] = /^segment[ =]?(\d+)$/.exec(text.trim()) ?? [];
  if (segment !== undefined) return { segment: Number(segment) };
  if (/^\d+$/.test(text.trim())) return Number(text);
  throw valueNotValid("The moment", text, 'a number of generations, or "segment 3"');
}

/**
 * The effective events of `events` up to the moment `at`, with the automatic consequences of a generation's end: the
 * activation's end and its test. Throws options/not-valid where the run has no such moment.
 */
export const eventsAt = (events: readonly Event[], at: Boundary): Event[] =>
  typeof at === "number" ? afterGeneration(events, at) : afterSegment(events, at.segment);

/** Complete generations; a count. */
export const generationsIn = (events: readonly Event[]): number =>
  events.filter(({ type }) => type === "generation-ended").length;

function afterGeneration(events: readonly Event[], generations: number): Event[] {
  const most = generationsIn(events);
  if (!Number.isSafeInteger(generations) || generations < 0 || generations > most)
    throw valueNotValid(
      "generations",
      generations,
      `a whole number from 0 to ${most}, the number that the run has`,
    );
  const isUsers = ({ type }: Event) =>
    type === "run-extended" || type === "run-merged" || type === "merge-ended" || type === "task-forgotten";
  const begins = ({ type }: Event) => type === "activation-started" || type === "generation-started";
  let left = generations;
  const last = events.findIndex(({ type }) =>
    generations === 0 ? type === "root-added" : type === "generation-ended" && --left === 0,
  );
  const follows = events.findIndex((event, i) => i > last && (begins(event) || isUsers(event)));
  return upToBoundary(follows < 0 ? events : events.slice(0, follows));
}

/** Up to where the next segment begins; what was forgotten between the two is forgotten. */
function afterSegment(events: readonly Event[], segment: number): Event[] {
  const starts = segmentStarts(events);
  const most = starts.length + 1;
  if (!Number.isSafeInteger(segment) || segment < 1 || segment > most)
    throw valueNotValid("segment", segment, `a whole number from 1 to ${most}, the number that the run has`);
  return upToBoundary(events.slice(0, starts[segment - 1] ?? events.length));
}
