// Run folders: made, opened by one writer and any number of readers, and refused when they are something else.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Event } from "../../src/core/event.js";
import { createRun, openRun, type RunReader, readRun } from "../../src/run/folder.js";
import { LATEST_FORMAT, RUN_FORMAT } from "../../src/store/format.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
const run = {
  experiment: { name: "preliminary", title: "µ2Net", nested: [1, { deep: null }] },
  seed: 7,
  versions: { mulab: "0.1.0", node: "20.19.0" },
  device: "cpu, 2 threads",
};
const ended = (generation: number): Event => ({ type: "generation-ended", generation });
const bytes = (text: string) => new TextEncoder().encode(text);

async function eventsOf({ journal }: Pick<RunReader, "journal">): Promise<Event[]> {
  const events: Event[] = [];
  for await (const { event } of journal.read(0)) events.push(event);
  return events;
}

async function closedRun(dir = join(folder(), "run")): Promise<string> {
  const made = await createRun(dir, run);
  await made.journal.append([ended(0), ended(1)]);
  await made.store.put(bytes("layer"));
  await made.close();
  return dir;
}

describe("a new run", () => {
  it("is a folder with run.json, a journal and layers, and opens again as it was", async () => {
    const dir = await closedRun(join(folder(), "new", "in", "new"));
    expect(readdirSync(dir).sort()).toEqual(["events.jsonl", "layers", "run.json", "tip.json"]);
    expect(JSON.parse(readFileSync(join(dir, "run.json"), "utf8"))).toEqual({ format: RUN_FORMAT, ...run });
    const again = await openRun(dir);
    expect(again.header).toEqual({ format: RUN_FORMAT, ...run });
    expect(again.opened).toEqual({ events: 2, dropped: 0 });
    expect(await eventsOf(again)).toEqual([ended(0), ended(1)]);
    expect((await again.store.list()).length).toBe(1);
    await again.close();
  });

  it("may be made in an empty folder, and where a creation was cut short before run.json", async () => {
    const dir = folder();
    writeFileSync(join(dir, "writer.lock"), "");
    writeFileSync(join(dir, "events.jsonl"), "");
    writeFileSync(join(dir, ".tmp-1-1"), '{"form');
    await (await createRun(dir, run)).close();
    expect(readdirSync(dir).sort()).toEqual(["events.jsonl", "run.json"]);
  });

  it("is refused where there is a run, other files, or a file in the way, and nothing there is touched", async () => {
    const dir = await closedRun();
    const before = readFileSync(join(dir, "run.json"));
    await expect(createRun(dir, run)).rejects.toMatchObject({ code: "run/exists" });
    expect(readFileSync(join(dir, "run.json"))).toEqual(before);

    const other = folder();
    writeFileSync(join(other, "thesis.tex"), "");
    await expect(createRun(other, run)).rejects.toMatchObject({ code: "run/folder-not-empty" });
    expect(readdirSync(other)).toEqual(["thesis.tex"]);

    const orphan = folder(); // events, but no run.json
    writeFileSync(join(orphan, "events.jsonl"), "{}\n");
    await expect(createRun(orphan, run)).rejects.toMatchObject({ code: "run/folder-not-empty" });

    await expect(createRun(join(other, "thesis.tex"), run)).rejects.toMatchObject({
      code: "store/eexist",
      message: expect.stringContaining("a file of that name is in the way"),
    });
    await expect(createRun(join(other, "thesis.tex", "run"), run)).rejects.toMatchObject({
      code: "store/enotdir",
    });
  });

  it("goes to exactly one of many that make it at once", async () => {
    const dir = join(folder(), "run");
    const made = await Promise.allSettled(Array.from({ length: 6 }, () => createRun(dir, run)));
    const codes = made.map((m) => (m.status === "fulfilled" ? "made" : m.reason.code));
    expect(codes.filter((code) => code === "made").length).toBe(1);
    expect(codes.every((code) => ["made", "run/exists", "run/locked"].includes(code))).toBe(true);
  });
});

describe("an open run", () => {
  it("refuses a second writer and lets readers in", async () => {
    const dir = await closedRun();
    const writer = await openRun(dir);
    await expect(openRun(dir)).rejects.toMatchObject({ code: "run/locked" });
    const reader = await readRun(dir);
    expect(await eventsOf(reader)).toEqual([ended(0), ended(1)]);
    await writer.journal.append([ended(2)]);
    expect(await eventsOf(reader)).toEqual([ended(0), ended(1), ended(2)]);
    await writer.close();
    await (await openRun(dir)).close();
  });

  it("has lost a torn last line and the leftovers of a crash, and says what was dropped", async () => {
    const dir = await closedRun();
    writeFileSync(join(dir, "events.jsonl"), '{"hash":"12', { flag: "a" });
    writeFileSync(join(dir, ".tmp-9-9"), "");
    writeFileSync(join(dir, "layers", ".tmp-9-9"), "");
    const reader = await readRun(dir);
    expect(await eventsOf(reader)).toEqual([ended(0), ended(1)]);
    expect(readdirSync(dir)).toContain(".tmp-9-9"); // a reader changes nothing
    const writer = await openRun(dir);
    expect(writer.opened).toEqual({ events: 2, dropped: 11 });
    expect([...readdirSync(dir), ...readdirSync(join(dir, "layers"))].join()).not.toContain(".tmp");
    await writer.close();
  });

  it("gives the lock back where its journal is damaged", async () => {
    const dir = await closedRun();
    writeFileSync(join(dir, "events.jsonl"), "damaged\n");
    await expect(openRun(dir)).rejects.toMatchObject({ code: "journal/damaged" });
    expect(readdirSync(dir)).not.toContain("writer.lock");
  });

  it("notices that somebody else wrote its journal", async () => {
    const dir = await closedRun();
    const writer = await openRun(dir);
    writeFileSync(join(dir, "events.jsonl"), "more\n", { flag: "a" });
    await expect(writer.journal.append([ended(2)])).rejects.toMatchObject({ code: "journal/moved" });
    rmSync(join(dir, "events.jsonl"));
    await expect(writer.journal.append([ended(2)])).rejects.toMatchObject({ code: "journal/moved" });
    await writer.close();
  });
});

describe("a folder that is not a sound run", () => {
  it("is named with what it lacks", async () => {
    const dir = await closedRun();
    rmSync(join(dir, "events.jsonl"));
    for (const open of [readRun, openRun]) {
      await expect(open(dir)).rejects.toThrow(`${dir} is not a run folder: it has no events.jsonl.`);
      await expect(open(folder())).rejects.toMatchObject({ code: "run/not-a-run" });
      await expect(open(join(dir, "nowhere"))).rejects.toThrow("it has no run.json");
      await expect(open(join(dir, "run.json"))).rejects.toMatchObject({ code: "run/not-a-run" });
    }
    expect(readdirSync(dir)).not.toContain("writer.lock");
  });

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ["empty", "", "run/damaged", /not JSON/],
    ["cut off", '{"format":1,"se', "run/damaged", /not JSON/],
    ["not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "run/damaged", /UTF-8/],
    ["a list", "[]", "run/damaged", /it is \[\]; expected an object/],
    ["with a key twice", '{"seed":1,"seed":2}', "run/damaged", /"seed" occurs twice/],
    [
      "with a seed that is text",
      JSON.stringify({ format: 1, ...run, seed: "7" }),
      "run/damaged",
      /seed is "7"; expected a whole number/,
    ],
    [
      "without an experiment",
      JSON.stringify({ format: 1, ...run, experiment: undefined }),
      "run/damaged",
      /experiment is missing/,
    ],
    [
      "with a version that is a number",
      JSON.stringify({ format: 1, ...run, versions: { node: 20 } }),
      "run/damaged",
      /versions.node is 20/,
    ],
    [
      "with an unknown field",
      JSON.stringify({ format: 1, ...run, extra: 1 }),
      "run/damaged",
      /extra is 1; expected no such field/,
    ],
    [
      "of a newer format",
      JSON.stringify({ format: LATEST_FORMAT + 1, other: true }),
      "run/newer-format",
      /has format 4, but this version of mulab reads formats up to 3/,
    ],
  ])("because run.json is %s is refused and not touched", async (_, content, code, message) => {
    const dir = await closedRun();
    writeFileSync(join(dir, "run.json"), content);
    mkdirSync(join(dir, "layers", "aa"), { recursive: true });
    const before = readdirSync(dir);
    for (const open of [readRun, openRun]) {
      await expect(open(dir)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
      expect(readdirSync(dir)).toEqual(before);
    }
  });
});
