// What every journal does, in memory and on disk alike.

import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Event, JournalEvent } from "../../src/core/event.js";
import type { Journal } from "../../src/core/seams.js";
import { fileJournal } from "../../src/store/journal.js";
import { memoryJournal } from "../../src/store/memory.js";
import { anyEvent } from "../support/arbitrary-events.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const journals: [string, () => Journal][] = [
  ["memory", memoryJournal],
  ["files", () => fileJournal(join(folder(), "events.jsonl"))],
];
const failed = (message: string): Event => ({
  type: "child-finished",
  child: 1,
  outcome: { result: "failed", code: "engine/failed", message },
});
const ended = (generation: number): Event => ({
  type: "generation-ended",
  generation,
  clock: { wallMs: 1.5 },
});

async function all(journal: Pick<Journal, "read">, from = 0): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const event of journal.read(from)) events.push(event);
  return events;
}
const eventsOf = async (journal: Journal) => (await all(journal)).map(({ event }) => event);

describe.each(journals)("a journal in %s", (_, make) => {
  it("is empty before the first event", async () => {
    const journal = make();
    expect(await all(journal)).toEqual([]);
    expect(await all(journal, 5)).toEqual([]);
    await journal.append([]);
    expect(await all(journal)).toEqual([]);
  });

  it("gives back what was appended, in order, numbered from 0", async () => {
    const journal = make();
    await journal.append([ended(0), ended(1)]);
    await journal.append([ended(2)]);
    const read = await all(journal);
    expect(read.map(({ event }) => event)).toEqual([ended(0), ended(1), ended(2)]);
    expect(read.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("reads from any place on, and again from the beginning", async () => {
    const journal = make();
    await journal.append(Array.from({ length: 5 }, (_, i) => ended(i)));
    const whole = await all(journal);
    for (const from of [3, 0, 5, 9, 2]) expect(await all(journal, from)).toEqual(whole.slice(from));
  });

  it("keeps any text: other scripts, quotes, newlines, half of a surrogate pair, a megabyte", async () => {
    const journal = make();
    const messages = [
      "তেলুগు 𝔪ulab 🧬",
      'a "quoted"\nline\r\n\u2028\u0000',
      "\ud800 alone",
      "é".repeat(500_000),
    ];
    await journal.append(messages.map(failed));
    expect(await eventsOf(journal)).toEqual(messages.map(failed));
  });

  it("keeps appends in the order in which they were requested, although nothing awaited them", async () => {
    const journal = make();
    await Promise.all(Array.from({ length: 20 }, (_, i) => journal.append([ended(i)])));
    expect(await eventsOf(journal)).toEqual(Array.from({ length: 20 }, (_, i) => ended(i)));
  });

  it("gives a reader a part that is whole, whenever it reads while another appends", async () => {
    const journal = make();
    const expected = Array.from({ length: 200 }, (_, i) => ended(i));
    const appends = Promise.all(
      Array.from({ length: 20 }, (_, i) => journal.append(expected.slice(10 * i, 10 * i + 10))),
    );
    let before = 0;
    while (before < 200) {
      const read = await eventsOf(journal);
      expect(read).toEqual(expected.slice(0, read.length));
      expect(read.length).toBeGreaterThanOrEqual(before);
      before = read.length;
    }
    await appends;
  });

  it("appends nothing of a batch that holds an event it could not give back", async () => {
    const journal = make();
    await journal.append([ended(0)]);
    const wrong = { type: "generation-ended", generation: Number.NaN } as Event;
    await expect(journal.append([ended(1), wrong])).rejects.toMatchObject({
      code: "journal/not-valid-event",
      message: "event.generation is NaN; expected a whole number from 0.",
    });
    await journal.append([ended(1)]);
    expect(await eventsOf(journal)).toEqual([ended(0), ended(1)]);
  });

  it("chains every event to those before it: other past, other hash", async () => {
    const [one, other] = [make(), make()];
    await one.append([ended(0), ended(1), ended(2)]);
    await other.append([ended(0), ended(9), ended(2)]);
    const [a, b] = [await all(one), await all(other)];
    expect(a.map(({ hash }, i) => hash === b[i]!.hash)).toEqual([true, false, false]);
  });
});

describe("journals in memory and in files", () => {
  it("are the same, hashes and all, whatever is appended and in whatever batches", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyEvent, { maxLength: 4 }), { maxLength: 4 }), async (batches) => {
        const [memory, files] = [memoryJournal(), fileJournal(join(folder(), "events.jsonl"))];
        for (const batch of batches) {
          await memory.append(batch);
          await files.append(batch);
        }
        await files.close();
        const read = await all(files);
        expect(read).toEqual(await all(memory));
        expect(read.map(({ event }) => event)).toEqual(batches.flat());
      }),
      { numRuns: 40 },
    );
  });
});
