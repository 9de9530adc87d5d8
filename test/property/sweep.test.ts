// A sweep may be killed at any moment. What a kill leaves is whatever is on the disk then, so the folder is copied in the
// middle of things and the copy is gone on with.

import { cpSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { verifyRun } from "../../src/run/verify/verify.js";
import { readSweep, sweep } from "../../src/sweep/sweep.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyOptions, tinyRequest } from "../support/tiny-sweep.js";

const newFolder = temporaryFolders();
const request = tinyRequest({ scaleFactors: [0.3], repetitions: 2, baselines: ["multi-head"] });

/** A copy of a sweep's folder as it is just after its event number `moment`, as a dead process would leave it. */
async function killedAt(moment: number): Promise<{ dir: string; events: number }> {
  const dir = join(newFolder(), "sweep");
  const copy = join(newFolder(), "sweep");
  let events = 0;
  const running = await sweep(
    dir,
    request,
    tinyOptions({
      onEvent: () => {
        events += 1;
        if (events !== moment) return;
        // All at once, so that it is what one moment left.
        cpSync(dir, copy, { recursive: true, filter: (path) => !/lock|\.tmp-/.test(path) });
      },
    }),
  );
  await running.done();
  return { dir: events >= moment ? copy : dir, events };
}

describe("a sweep that was killed", () => {
  it("comes to the points of one that was not, whenever it was killed and however often", async () => {
    const whole = await killedAt(Number.POSITIVE_INFINITY);
    const expected = (await readSweep(whole.dir)).points;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.events }), async (moment) => {
        const { dir } = await killedAt(moment);
        const resumed = await sweep(dir, request, tinyOptions());
        await resumed.done();
        expect(resumed.failures).toEqual([]);
        const clockless = ({ cost: { children, examples, flops }, ...point }: (typeof expected)[number]) => ({
          ...point,
          cost: { children, examples, flops },
        });
        expect(resumed.points.map(clockless)).toEqual(expected.map(clockless));
        for (const { name } of resumed.chosen)
          expect(await verifyRun(join(dir, "points", name))).toMatchObject({ ok: true });
      }),
      { numRuns: 8 },
    );
  });

  it("loses no point that was reported, even where the results are gone", async () => {
    const { dir } = await killedAt(60);
    await rm(join(dir, "results.json"), { force: true });
    const resumed = await sweep(dir, undefined, tinyOptions());
    await resumed.done();
    expect(resumed.points).toHaveLength(4);
    expect(JSON.parse(await readFile(join(dir, "results.json"), "utf8")).points).toHaveLength(4);
  });
});
