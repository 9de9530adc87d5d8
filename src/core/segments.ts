// Segments of a run: its beginning, each extension, and each system that was merged.

import type { Event } from "./event.js";

export const beginsSegment = ({ type }: Event): boolean => type === "run-extended" || type === "run-merged";

/** The places of the events with which segments after the first begin. */
export const segmentStarts = (events: readonly Event[]): number[] =>
  events.flatMap((event, i) => (beginsSegment(event) ? [i] : []));

/** The title of segment `segment`, from 1, which begins with `event`. */
export function segmentTitle(event: Event | undefined, segment: number): string {
  if (event?.type === "run-merged") return `merged: ${event.experiment}`;
  return (event?.type === "run-extended" && event.title) || `segment ${segment}`;
}
