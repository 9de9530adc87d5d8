// Flipped bits in any file of a run folder, run.json and tip.json included: all are found.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import { fork } from "../../src/run/fork.js";
import { open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { copyOf, filesBelow, smallOptions, wholeRun } from "../support/run-copy.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
let dir: string;
let files: string[];
beforeAll(async () => {
  const whole = await wholeRun(join(folder(), "whole"));
  dir = copyOf(whole, join(folder(), "run"));
  files = filesBelow(dir);
  expect(files).toEqual(expect.arrayContaining(["events.jsonl", "run.json", "tip.json"]));
  expect((await verifyRun(dir)).ok).toBe(true);
});

/** Flips a bit of a file while `work` is done. */
async function flipped<T>(file: string, at: number, bit: number, work: () => Promise<T>): Promise<T> {
  const path = join(dir, file);
  const sound = readFileSync(path);
  const damaged = Buffer.from(sound);
  damaged[at % damaged.length]! ^= 1 << bit;
  writeFileSync(path, damaged);
  try {
    return await work();
  } finally {
    writeFileSync(path, sound);
  }
}

const verifies = (): Promise<boolean> =>
  verifyRun(dir).then(
    ({ ok }) => ok,
    (error) => {
      if (!(error instanceof MulabError)) throw error;
      return false;
    },
  );
const refused = { name: "MulabError" };

describe("a flipped bit", () => {
  it("anywhere in a run folder is found by verify", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(7), async (file, at, bit) => {
        const name = files[file % files.length]!;
        expect(await flipped(name, at, bit, verifies), `${name}, byte ${at}, bit ${bit}`).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each(["run.json", "tip.json", "events.jsonl"])("anywhere in %s is found by verify", async (file) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
        expect(await flipped(file, at, bit, verifies), `byte ${at}, bit ${bit}`).toBe(false);
      }),
      { numRuns: 60, examples: [[readFileSync(join(dir, file)).length - 1, 1]] },
    );
  });

  it("anywhere in run.json is found when the run is read, resumed or forked, and nothing is changed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), async (at, bit) => {
        await flipped("run.json", at, bit, async () => {
          await expect(readRun(dir)).rejects.toMatchObject(refused);
          await expect(open(dir, undefined, smallOptions())).rejects.toMatchObject(refused);
          await expect(fork(dir, join(folder(), "fork"))).rejects.toMatchObject(refused);
        });
      }),
      { numRuns: 60 },
    );
    expect(filesBelow(dir)).toEqual(files);
    expect((await verifyRun(dir)).ok).toBe(true);
  });
});
