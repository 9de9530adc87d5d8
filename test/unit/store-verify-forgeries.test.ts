// The catalogue of forgeries: every kind of lie about a run is found by the check that is there for it, or docs/trust.md
// says why only a signature could.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyRun } from "../../src/run/verify/verify.js";
import { forge, soundRuns, TrainedRuns } from "../support/forged-runs.js";
import { type Base, type Forgery, forgeries, NoSuchChild, unprovable } from "../support/forgeries.js";
import { broken, failures, type SoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
let runs: Record<Base, SoundRun>;
let trained: TrainedRuns;
beforeAll(async () => {
  runs = await soundRuns(folder());
  trained = new TrainedRuns(folder());
});

/** What an engine measures depends on the machine, so another seed is taken where a run has no child for a lie. */
const SEEDS = [4, 1, 7];
async function forgeTrained(forgery: Forgery): Promise<string> {
  for (const seed of SEEDS)
    try {
      return await forge(await trained.run(seed), join(folder(), "run"), forgery);
    } catch (error) {
      if (!(error instanceof NoSuchChild)) throw error;
    }
  throw new Error(`no run of seeds ${SEEDS} has a child for this lie`);
}

it.each(["mu2net", "munet", "lived"] as const)("the sound run %s verifies", async (base) => {
  expect(failures(await verifyRun(runs[base].dir))).toBe("");
});

it("a sound run that the engine trained verifies", async () => {
  expect(failures(await verifyRun((await trained.run(SEEDS[0]!)).dir))).toBe("");
});

/** Lies about µ2Net are also about a run that the engine trained. */
const told = forgeries.flatMap((forgery) =>
  (forgery.base === "mu2net" ? (["mu2net", "trained"] as const) : [forgery.base]).map(
    (base) => [base, forgery.lie, forgery] as const,
  ),
);

describe("a journal with", () => {
  it.each(told)("(%s) %s is found", async (base, _, forgery) => {
    const dir =
      base === "trained"
        ? await forgeTrained(forgery)
        : await forge(runs[base], join(folder(), "run"), forgery);
    const report = await verifyRun(dir);
    const [check, message] = forgery.proves!;
    expect(failures(report)).toMatch(message);
    expect(report.checks.find(({ name }) => name === check)?.failures.join("\n")).toMatch(message);
    expect(report.ok).toBe(false);
  });

  it.each(
    unprovable.map((forgery) => [forgery.lie, forgery] as const),
  )("%s needs a signature", async (_, forgery) => {
    const report = await verifyRun(await forge(runs[forgery.base], join(folder(), "run"), forgery));
    expect(failures(report)).toBe("");
    expect(broken(report)).toEqual([]);
    const trust = readFileSync(new URL("../../docs/trust.md", import.meta.url), "utf8");
    expect(trust).toContain(`| ${forgery.heading} |`);
  });

  it("no lie told twice", () => {
    const lies = [...forgeries, ...unprovable].map(({ base, lie }) => `${base} ${lie}`);
    expect(new Set(lies).size).toBe(lies.length);
  });
});
