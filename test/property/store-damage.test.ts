// A journal that was torn by a crash, or damaged afterwards: what is read is a part of what was written, or an error.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import type { Event } from "../../src/core/event.js";
import { LATEST_FORMAT } from "../../src/store/format.js";
import { fileJournal } from "../../src/store/journal.js";
import { anyEvent } from "../support/arbitrary-events.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const written: Event[] = [
  { type: "run-started", format: 1, experiment: "ডাটা 🧬", seed: 7, tasks: [] },
  { type: "child-validated", child: 1, cycle: 0, steps: 8, accuracy: 0.5, loss: Number.NaN },
  { type: "model-tested", model: 3, testAccuracy: 0.25 },
  { type: "generation-ended", generation: 2, clock: { wallMs: 12 } },
];

async function read(path: string): Promise<Event[]> {
  const events: Event[] = [];
  for await (const { event } of fileJournal(path).read(0)) events.push(event);
  return events;
}

async function writtenTo(path: string, events: readonly Event[]): Promise<Buffer> {
  const journal = fileJournal(path);
  await journal.append(events);
  await journal.close();
  return readFileSync(path);
}

/** What reading gives: events, or the error's code. */
const outcome = (path: string): Promise<Event[] | string> =>
  read(path).catch((error) => {
    if (error instanceof MulabError) return error.code;
    throw error;
  });

describe("a journal whose writer was killed", () => {
  it("at any byte of the last line gives all the other events, and continues from there", async () => {
    const path = join(folder(), "events.jsonl");
    const whole = await writtenTo(path, written);
    const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (let length = lastLine; length < whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      expect(await read(path)).toEqual(written.slice(0, -1));
      expect(readFileSync(path).length).toBe(length); // a reader changes nothing
      const journal = fileJournal(path);
      expect(await journal.open()).toEqual({ events: 3, dropped: length - lastLine });
      await journal.append([written[3]!]);
      await journal.close();
      expect(readFileSync(path)).toEqual(whole);
    }
  });

  it("at any byte of any batch gives the first events of it, in order", async () => {
    const path = join(folder(), "events.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), fc.nat(), async (events, cut) => {
        writeFileSync(path, "");
        const whole = await writtenTo(path, events);
        writeFileSync(path, whole.subarray(0, cut % (whole.length + 1)));
        const left = await read(path);
        expect(left).toEqual(events.slice(0, left.length));
      }),
      { numRuns: 60 },
    );
  });

  it("and whose last write the disk filled with zeros or noise continues as well", async () => {
    const path = join(folder(), "events.jsonl");
    await writtenTo(path, written);
    for (const tail of [Buffer.alloc(5000), Buffer.from([0xff, 0xc3, 0x28, 0x00])]) {
      appendFileSync(path, tail);
      expect(await read(path)).toEqual(written);
      const journal = fileJournal(path);
      expect(await journal.open()).toEqual({ events: 4, dropped: tail.length });
      await journal.close();
    }
  });
});

describe("a damaged journal", () => {
  it("is refused at any one changed byte, or gives a first part of what was written: never other events", async () => {
    const path = join(folder(), "events.jsonl");
    const whole = await writtenTo(path, written);
    const end = whole.length - 1;
    for (let at = 0; at < whole.length; at++)
      for (const flip of [0x01, 0x20, 0x80, whole[at]! ^ 0x0a]) {
        if (flip === 0) continue;
        const damaged = Buffer.from(whole);
        damaged[at]! ^= flip;
        writeFileSync(path, damaged);
        // Without its newline, the last line can't be distinguished from a torn one.
        expect(await outcome(path)).toEqual(at === end ? written.slice(0, -1) : "journal/damaged");
      }
  });

  it("is refused at any one lost or doubled byte except the last newline", async () => {
    const path = join(folder(), "events.jsonl");
    const whole = await writtenTo(path, written);
    for (let at = 0; at < whole.length - 1; at++) {
      writeFileSync(path, Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]));
      expect(await outcome(path)).toBe("journal/damaged");
      writeFileSync(path, Buffer.concat([whole.subarray(0, at + 1), whole.subarray(at)]));
      expect(await outcome(path)).toBe("journal/damaged");
    }
  });

  it("is refused when a line is lost, doubled or in another place, with the number of the line", async () => {
    const path = join(folder(), "events.jsonl");
    const lines = (await writtenTo(path, written)).toString().trimEnd().split("\n");
    const [a, b, c, d] = lines;
    for (const [changed, line] of [
      [[a, c, d], 2],
      [[b, c, d], 1],
      [[a, a, b, c, d], 2],
      [[a, c, b, d], 2],
      [[a, b, "", c, d], 3],
      [[a, b, "{}", c, d], 3],
    ] as const) {
      writeFileSync(path, `${changed.join("\n")}\n`);
      await expect(read(path)).rejects.toThrow(`events.jsonl, line ${line}: `);
    }
  });

  it("is not touched by a writer that finds the damage", async () => {
    const path = join(folder(), "events.jsonl");
    const whole = await writtenTo(path, written);
    whole[100]! ^= 1;
    writeFileSync(path, whole);
    const journal = fileJournal(path);
    await expect(journal.open()).rejects.toMatchObject({ code: "journal/damaged" });
    await expect(journal.append([written[3]!])).rejects.toMatchObject({ code: "journal/damaged" });
    expect(readFileSync(path)).toEqual(whole);
  });

  it("of a later format is distinguished from damage", async () => {
    const path = join(folder(), "events.jsonl");
    const format = LATEST_FORMAT + 1;
    writeFileSync(path, `{"chain":"another","type":"run-started","format":${format}}\n{"more":1}\n`);
    await expect(read(path)).rejects.toMatchObject({ code: "run/newer-format" });
    await expect(fileJournal(path).append([written[3]!])).rejects.toMatchObject({ code: "run/newer-format" });
  });
});
