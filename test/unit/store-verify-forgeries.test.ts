// The catalogue of forgeries: every kind of lie about a run is found by the check that is there for it, or docs/trust.md
// says why only a signature could.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { verifyRun } from "../../src/run/verify/verify.js";
import { forge, soundRuns } from "../support/forged-runs.js";
import { type Base, forgeries, unprovable } from "../support/forgeries.js";
import { broken, failures, type SoundRun } from "../support/sound-run.js";
import { temporaryFolders } from "../support/temporary.js";

const folder = temporaryFolders();
let runs: Record<Base, SoundRun>;
beforeAll(async () => {
  runs = await soundRuns(folder());
});

it.each(["mu2net", "munet", "lived"] as const)("the sound run %s verifies", async (base) => {
  const report = await verifyRun(runs[base].dir);
  expect(failures(report)).toBe("");
});

describe("a journal with", () => {
  it.each(forgeries.map((forgery) => [forgery.lie, forgery] as const))("%s is found", async (_, forgery) => {
    const report = await verifyRun(await forge(runs[forgery.base], join(folder(), "run"), forgery));
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
