import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lastJson, runCli, startCli, TINY } from "../support/cli.js";

let folder: string;
let uninterrupted: { digest: unknown; journalBytes: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mulab-kill-"));
  const dir = join(folder, "whole");
  const run = await runCli(["run", "preliminary", "--seed", "5", "--out", dir, "--json", ...TINY]);
  expect(run.stderr + run.stdout).toContain("Report");
  uninterrupted = {
    digest: lastJson(run).digest,
    journalBytes: (await readFile(join(dir, "events.jsonl"))).length,
  };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Kills `running` as soon as its journal holds `bytes`; false where it ended before. */
async function killAt(running: ReturnType<typeof startCli>, dir: string, bytes: number): Promise<boolean> {
  const { finished, process } = running;
  let ended = false;
  void finished.then(() => {
    ended = true;
  });
  while (!ended) {
    const size = await readFile(join(dir, "events.jsonl")).then(
      (file) => file.length,
      () => 0,
    );
    if (size >= bytes) {
      process.kill("SIGKILL");
      return (await finished).signal === "SIGKILL";
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return false;
}

describe("kill -9", () => {
  it("at any moments, and resume, gives the digest of the run that was left alone", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }),
        async (moments) => {
          const dir = join(folder, `killed-${runs++}`);
          let running = startCli(["run", "preliminary", "--seed", "5", "--out", dir, ...TINY]);
          let kills = 0;
          for (const moment of moments.sort()) {
            if (!(await killAt(running, dir, moment * uninterrupted.journalBytes))) break;
            kills += 1;
            // Killed before the folder was a run: there is nothing to resume yet, so it begins again.
            const begun = await readFile(join(dir, "run.json")).then(
              () => true,
              () => false,
            );
            const again = begun
              ? ["resume", dir]
              : ["run", "preliminary", "--seed", "5", "--out", dir, ...TINY];
            running = startCli(begun ? [...again, "--threads", "1"] : again);
          }
          const last = await running.finished;
          expect(last.stderr).toBe("");
          const shown = await runCli(["show", dir, "--json"]);
          expect(lastJson(shown).digest).toBe(uninterrupted.digest);
          const verified = await runCli(["verify", dir]);
          expect(verified.stdout).toContain("The run is what it says.");
          expect(kills).toBeLessThanOrEqual(moments.length);
        },
      ),
      { numRuns: 6, endOnFailure: true },
    );
  });

  it("loses at most the generation in flight", async () => {
    const dir = join(folder, "one-generation");
    const running = startCli(["run", "preliminary", "--seed", "5", "--out", dir, ...TINY]);
    expect(await killAt(running, dir, 0.6 * uninterrupted.journalBytes)).toBe(true);
    const before = (await readFile(join(dir, "events.jsonl"), "utf8"))
      .split("\n")
      .filter((line) => line.endsWith("}"));
    await runCli(["resume", dir, "--threads", "1"]);
    const lines = (await readFile(join(dir, "events.jsonl"), "utf8")).trimEnd().split("\n");
    const resumed = JSON.parse(lines.find((line) => line.includes('"run-resumed"'))!);
    const lost = before.slice(resumed.kept).map((line) => JSON.parse(line).type);
    expect(lost.filter((type) => type === "generation-ended" || type === "activation-ended")).toEqual([]);
    expect(lost.filter((type) => type === "generation-started").length).toBeLessThanOrEqual(1);
  });
});
