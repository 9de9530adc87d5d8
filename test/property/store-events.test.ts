// Laws of events at the file boundary.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Event, effectiveEvents } from "../../src/core/event.js";
import { canonicalJson, digestOf } from "../../src/run/digest.js";
import { parseEvent, serializeEvent } from "../../src/store/parse-event.js";
import { anyEvent } from "../support/arbitrary-events.js";

/** `value` with the keys of every object in the opposite order. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
};

/** Every way to a value inside `value`. */
function* places(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value))
    yield* places((value as Record<string, unknown>)[key], [...path, key]);
}

describe("an event", () => {
  it("is the same after being written and read", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(parseEvent(JSON.parse(serializeEvent(event)))).toStrictEqual(event);
      }),
      { numRuns: 500 },
    );
  });

  it("is refused with the path of the field when any one of its fields is missing, added or of another kind", () => {
    fc.assert(
      fc.property(anyEvent, fc.nat(), fc.constantFrom("remove", "add", "replace"), (event, pick, how) => {
        const json: unknown = JSON.parse(serializeEvent(event));
        const all = [...places(json)].slice(1);
        const path = all[pick % all.length]!;
        const key = path.at(-1)!;
        const parent = path.slice(0, -1).reduce<unknown>((at, step) => (at as never)[step], json) as Record<
          string,
          unknown
        >;
        if (how === "add" && !Array.isArray(parent)) parent.unheardOf = 1;
        else if (how === "remove" && !Array.isArray(parent) && !isOptional(path)) delete parent[key];
        else parent[key] = { of: ["another", "kind"] };
        expect(() => parseEvent(json)).toThrow(
          expect.objectContaining({
            code: "journal/not-valid-event",
            message: expect.stringMatching(/^event[.[]/),
          }),
        );
      }),
      { numRuns: 500 },
    );
  });
});

const isOptional = ([first, ...rest]: (string | number)[]): boolean => {
  if (first === "clock") return rest.length < 2;
  if (first === "prefer") return true;
  if (first === "splits") return rest[0] === "limit" || rest[0] === "imageSize";
  if (first !== "settings") return false;
  return rest.length < 2 || (rest[1] === "search" && rest.length === 3);
};

describe("the digest of a run", () => {
  const digest = fc.array(anyEvent, { maxLength: 6 });

  it("does not depend on clocks or on the order in which fields were set", () => {
    fc.assert(
      fc.property(digest, (events) => {
        const bare = events.map(({ clock: _, ...body }) => body as Event);
        const late = bare.map((event) => ({ ...event, clock: { at: 12, trainMs: 3 } }));
        expect(digestOf(bare)).toBe(digestOf(events));
        expect(digestOf(late.map(reversed) as Event[])).toBe(digestOf(events));
      }),
    );
  });

  it("is that of the effective events, and another as soon as one of them differs", () => {
    fc.assert(
      fc.property(digest, digest, (one, other) => {
        expect(digestOf(effectiveEvents(one))).toBe(digestOf(one));
        const alike = (events: Event[]) =>
          canonicalJson(effectiveEvents(events).map(({ clock: _, ...body }) => body));
        fc.pre(!JSON.stringify([one, other]).includes('"loss":null'));
        expect(digestOf(one) === digestOf(other)).toBe(alike(one) === alike(other));
      }),
    );
  });
});
