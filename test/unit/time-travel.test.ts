// Moments of a run: looked at, and branched from.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseBoundary } from "../../src/run/boundary.js";
import { extend } from "../../src/run/extend.js";
import { readRun as readFolder } from "../../src/run/folder.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const experiment = tinyExperiment({ iterations: 1, seed: 4 });
const tasks = [...experiment.tasks.map(({ name, access }) => tinyTask(name, access)), tinyTask("new")];
const options: OpenOptions = { tasks, trainer: fakeTrainer };

async function grown(changes: OpenOptions = {}): Promise<{ dir: string; digests: string[] }> {
  const dir = join(newFolder(), "run");
  await (await open(dir, experiment, { ...options, ...changes })).done();
  const digests = [(await readRun(dir)).digest];
  for (const segment of [
    { tasks: [tinyTask("new")], iterations: 1 },
    { tasks: ["one"], iterations: 2, settings: { seed: 9 } },
  ]) {
    await (await extend(dir, segment, options)).done();
    digests.push((await readRun(dir)).digest);
  }
  return { dir, digests };
}

describe("a moment", () => {
  it("is written as generations or as a segment", () => {
    expect(parseBoundary("12")).toBe(12);
    expect(parseBoundary("segment 3")).toEqual({ segment: 3 });
    expect(parseBoundary("segment=3")).toEqual({ segment: 3 });
    for (const text of ["", "-1", "1.5", "segment", "yesterday"])
      expect(() => parseBoundary(text)).toThrow("segment 3");
  });
});

describe("a run that has grown", () => {
  it("can be looked at as it was at the end of each segment, to the digest", async () => {
    const { dir, digests } = await grown();
    const run = await readRun(dir);
    for (const [i, digest] of digests.entries()) {
      const then = run.at({ segment: i + 1 });
      expect(then.digest).toBe(digest);
      expect(then.state.ended).toBe(true);
    }
    expect(run.at({ segment: 1 }).state.tasks.map(({ name }) => name)).toEqual(["one", "two", "secret"]);
    expect(run.at(0).state.models.length).toBe(1);
    expect(run.at(3).state.models.length).toBe(1 + 3 * experiment.children);
    expect(run.at(3).at(1).state.models.length).toBe(1 + experiment.children);
    expect(() => run.at({ segment: 4 })).toThrow("a whole number from 1 to 3");
    expect(() => run.at(99)).toThrow(/from 0 to 12/);
  });

  it.each([
    "activations",
    "all",
  ] as const)("keeps %s, to branch from without training again", async (keep) => {
    const { dir, digests } = await grown({ keep });
    const to = join(newFolder(), "branch");
    await fork(dir, to, { at: { segment: 2 } });
    expect((await readRun(to)).digest).toBe(digests[1]);
    expect(await verifyRun(to)).toMatchObject({ ok: true });
    // Between the generations of an activation there are candidates that did not survive it.
    const within = fork(dir, join(newFolder(), "within"), { at: 3 });
    if (keep === "all") await within;
    else await expect(within).rejects.toMatchObject({ code: "run/layers-gone" });
    await forget(dir, "secret");
    expect(await verifyRun(dir)).toMatchObject({ ok: true });
  });

  it("says so where the layers of a moment are gone", async () => {
    const { dir } = await grown();
    await expect(fork(dir, join(newFolder(), "branch"), { at: { segment: 2 } })).rejects.toMatchObject({
      code: "run/layers-gone",
    });
  });

  it("trains what is gone again, to the same bytes, with what it grew from", async () => {
    const { dir, digests } = await grown();
    const kept = await grown({ keep: "all" });
    for (const at of [{ segment: 2 }, 3, 5] as const) {
      const to = join(newFolder(), "branch");
      const forked = await fork(dir, to, { at, trainsAgain: { tasks, trainer: fakeTrainer } });
      expect(forked.trained).toBeGreaterThan(0);
      expect(await verifyRun(to)).toMatchObject({ ok: true });
      const other = join(newFolder(), "other");
      expect((await fork(kept.dir, other, { at })).trained).toBe(0);
      const [made, stored] = await Promise.all(
        [to, other].map(async (each) => (await readFolder(each)).store.list()),
      );
      expect(made).toEqual(stored);
    }
    expect((await readRun(dir)).digest).toBe(digests[2]);
  });

  it("takes no other bytes for those that are gone", async () => {
    const { dir } = await grown();
    const other = (given: Parameters<typeof fakeTrainer>[0]) =>
      fakeTrainer({ ...given, accuracy: () => Number.NaN });
    const to = join(newFolder(), "branch");
    const forked = fork(dir, to, { at: { segment: 2 }, trainsAgain: { tasks, trainer: other } });
    await expect(forked).rejects.toMatchObject({ code: "run/layer-not-made" });
    expect(existsSync(join(to, "run.json"))).toBe(false);
  });

  it("branches where it may, and the branch grows on its own", async () => {
    const { dir, digests } = await grown({ keep: "activations" });
    const to = join(newFolder(), "branch");
    await fork(dir, to, { at: { segment: 2 } });
    await (await extend(to, { tasks: ["two"], iterations: 1 }, options)).done();
    expect(await verifyRun(to)).toMatchObject({ ok: true });
    expect((await readRun(dir)).digest).toBe(digests[2]);
  });
});
