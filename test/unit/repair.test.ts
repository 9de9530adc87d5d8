// What `mulab repair` salvages: the longest part of a damaged run that can be proved, as a run that verifies and continues to
// the digest of the undamaged one.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { repair } from "../../src/run/repair.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fileStore } from "../../src/store/files.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import {
  copyOf,
  journalLines,
  smallExperiment,
  smallOptions,
  treeHash,
  wholeRun,
} from "../support/run-copy.js";
import { failures } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
let whole: string;
let digest: string;
let lines: readonly string[];
beforeAll(async () => {
  whole = await wholeRun(join(folder(), "whole"));
  ({ digest } = await readRun(whole));
  lines = journalLines(whole);
});
const copy = (): string => copyOf(whole, join(folder(), "run"));
const GENERATIONS = 6;

/** Flips one bit of a file. */
function flip(path: string, at: number, bit = 1): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= bit;
  writeFileSync(path, bytes);
}

/** Repairs `dir` and holds the result against what is promised of it: proved, resumable, and the source as it was. */
async function repaired(dir: string) {
  const before = treeHash(dir);
  const to = join(folder(), "repaired");
  const result = await repair(dir, to);
  expect(treeHash(dir)).toBe(before);
  const report = await verifyRun(to);
  expect(failures(report)).toBe("");
  expect([report.digest, report.uncovered]).toEqual([result.digest, []]);
  expect(readFileSync(join(to, "events.jsonl"), "utf8")).toBe(lines.slice(0, result.events).join(""));
  await (await open(to, undefined, smallOptions())).done();
  expect((await readRun(to)).digest).toBe(digest);
  return result;
}

describe("a repaired run", () => {
  it("is a copy where the run is sound", async () => {
    const result = await repaired(copy());
    expect(result).toMatchObject({
      events: lines.length,
      found: lines.length,
      generations: GENERATIONS,
      lost: [],
    });
  });

  it.each([0.3, 0.5, 0.9])("has what is before a damaged line, %d of the way", async (share) => {
    const dir = copy();
    const line = Math.floor(share * lines.length);
    flip(join(dir, "events.jsonl"), Buffer.byteLength(lines.slice(0, line).join("")) + 200);
    const { events, found, generations, lost } = await repaired(dir);
    expect(found).toBe(line);
    expect(events).toBeLessThanOrEqual(line);
    expect(generations).toBeLessThan(GENERATIONS);
    expect(lost.join("\n")).toMatch(new RegExp(`line ${line + 1}: the line does not match its hash`));
    expect(lost.join("\n")).toMatch(/events at the end of the journal, which had/);
  });

  it("has run.json with a flipped bit flipped back", async () => {
    const dir = copy();
    for (const at of [0, 20, 300]) {
      flip(join(dir, "run.json"), at, 0x10);
      const { lost } = await repaired(dir);
      expect(lost).toEqual(["run.json had one flipped bit, as its hash in the journal shows"]);
      flip(join(dir, "run.json"), at, 0x10);
    }
  });

  it("begins at the last boundary whose layers are all there", async () => {
    const dir = copy();
    const store = fileStore(join(dir, "layers"));
    const { state } = await readRun(dir);
    const { path } = state.models.get(state.retained.secret!)!;
    writeFileSync(store.pathOf(path.at(-1)!.id), "not it");
    const { generations, lost } = await repaired(dir);
    expect(generations).toBeGreaterThanOrEqual(4);
    expect(generations).toBeLessThan(GENERATIONS);
    expect(lost).toEqual([`layer ${path.at(-1)!.id.slice(0, 8)}, which is missing or damaged`]);
  });

  it("results from a journal that was cut, emptied of its last lines, with junk at its end and a tip.json that says nothing", async () => {
    const dir = copy();
    writeFileSync(join(dir, "events.jsonl"), `${lines.slice(0, 50).join("")}junk`);
    writeFileSync(join(dir, "tip.json"), "junk");
    const { found, lost } = await repaired(dir);
    expect(found).toBe(50);
    expect(lost.join("\n")).toMatch(
      /^4 bytes after the last whole line of the journal\n.*tip\.json: it is not what mulab/,
    );
  });

  it("results from one that is still running only when it is not", async () => {
    const dir = join(folder(), "run");
    const run = await open(dir, smallExperiment, smallOptions());
    run.pause();
    await expect(repair(dir, join(folder(), "to"))).rejects.toMatchObject({ code: "run/locked" });
    await run.stop();
    const before = treeHash(dir);
    await repair(dir, join(folder(), "to"));
    expect(treeHash(dir)).toBe(before);
  });

  it("keeps a resume with its history", async () => {
    const dir = join(folder(), "run");
    let generations = 0;
    const run = await open(dir, smallExperiment, {
      ...smallOptions(),
      trainer: (given) => {
        const trainer = fakeTrainer(given);
        return {
          ...trainer,
          async *trainGeneration(...args) {
            yield* trainer.trainGeneration(...args);
            if (generations++ === 2) throw new Error("power cut");
          },
        };
      },
    });
    await expect(run.done()).rejects.toThrow("power cut");
    await (await open(dir, undefined, smallOptions())).done();
    rmSync(join(dir, "tip.json"));
    const to = join(folder(), "to");
    const { events, found } = await repair(dir, to);
    expect(events).toBe(found);
    expect((await readRun(to)).resumes).toBe(1);
    expect((await verifyRun(to)).ok).toBe(true);
  });
});

describe("nothing is repaired", () => {
  const refuses = async (dir: string, why: RegExp) => {
    const to = join(folder(), "to");
    await expect(repair(dir, to)).rejects.toMatchObject({
      code: "run/not-repairable",
      message: expect.stringMatching(why),
    });
    await expect(readRun(to)).rejects.toMatchObject({ code: "run/not-a-run" });
  };

  it("where the first line is damaged, or there is none", async () => {
    const dir = copy();
    flip(join(dir, "events.jsonl"), 200);
    await refuses(dir, /line 1: /);
    writeFileSync(join(dir, "events.jsonl"), "");
    await refuses(dir, /96 events at the end of the journal|its journal is empty/);
  });

  it("where run.json is another one", async () => {
    const dir = copy();
    const text = readFileSync(join(dir, "run.json"), "utf8");
    writeFileSync(join(dir, "run.json"), text.replace('"seed": 0', '"seed": 7'));
    await refuses(dir, /run\.json is not the file that the run began with/);
  });

  it("where the root's layers are gone", async () => {
    const dir = copy();
    rmSync(join(dir, "layers"), { recursive: true });
    await refuses(dir, /layer [0-9a-f]{8}, which is missing or damaged/);
  });

  it("into a folder that has something in it", async () => {
    await expect(repair(copy(), copy())).rejects.toMatchObject({ code: "run/exists" });
  });
});
