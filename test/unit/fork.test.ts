import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Trainer } from "../../src/core/seams.js";
import { extend } from "../../src/run/extend.js";
import { createRun } from "../../src/run/folder.js";
import { forget } from "../../src/run/forget.js";
import { fork } from "../../src/run/fork.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const newDir = () => join(newFolder(), "run");
const experiment = tinyExperiment({ iterations: 1 });
const options = (changes: OpenOptions = {}): OpenOptions => ({
  tasks: experiment.tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
  ...changes,
});

async function whole(): Promise<string> {
  const dir = newDir();
  await (await open(dir, experiment, options())).done();
  return dir;
}

/** A run that broke off in its third generation, which is the first of its second task. */
async function broken(): Promise<string> {
  const dir = newDir();
  let generations = 0;
  const trainer: NonNullable<OpenOptions["trainer"]> = (given): Trainer => {
    const made = fakeTrainer(given);
    return {
      ...made,
      async *trainGeneration(...args) {
        if (++generations === 4) throw new Error("power cut");
        yield* made.trainGeneration(...args);
      },
    };
  };
  await expect((await open(dir, experiment, options({ trainer }))).done()).rejects.toThrow("power cut");
  return dir;
}

const resume = async (dir: string) => (await open(dir, undefined, options())).done();
const digest = async (dir: string) => (await readRun(dir)).digest;

describe("a fork", () => {
  it("of a run in flight is possible at every moment, whatever layers it removes meanwhile", async () => {
    const dir = newDir();
    const run = await open(dir, { ...experiment, iterations: 4 }, options());
    for (; run.status === "running"; ) {
      const to = newDir();
      await fork(dir, to);
      expect((await verifyRun(to)).checks.flatMap(({ failures }) => failures)).toEqual([]);
    }
    expect((await run.done()).ended).toBe(true);
  });

  it("of a run that has ended is that run, in the same bytes on the disk", async () => {
    const dir = await whole();
    const to = newDir();
    const { layers, generations } = await fork(dir, to);
    expect(generations).toBe(6);
    expect(await digest(to)).toBe(await digest(dir));
    expect(await verifyRun(to)).toMatchObject({ ok: true });
    const { state } = await readRun(to);
    const [layer] = state.models.get(state.models.length - 1)!.path;
    const file = join("layers", layer!.id.slice(0, 2), `${layer!.id}.safetensors`);
    expect((await stat(join(to, file))).ino).toBe((await stat(join(dir, file))).ino);
    expect(layers).toBeGreaterThan(0);
  });

  it.each([
    0, 2, 3,
  ])("after %i generations comes to what the run came to, which it leaves alone", async (generations) => {
    const dir = await broken();
    const before = await readFile(join(dir, "events.jsonl"));
    const to = newDir();
    expect(await fork(dir, to, { generations })).toMatchObject({ generations });
    await resume(to);
    expect(await readFile(join(dir, "events.jsonl"))).toEqual(before);
    expect(await digest(to)).toBe(await digest(await whole()));
    expect(await verifyRun(to)).toMatchObject({ ok: true });
  });

  it("is refused after a generation whose losers are gone: an activation's end removes them", async () => {
    const refused = fork(await broken(), newDir(), { generations: 1 });
    await expect(refused).rejects.toMatchObject({ code: "run/layers-gone" });
    await expect(refused).rejects.toThrow(
      /after generation 1.*can still be forked after generations 0, [\d, ]+, or without naming a generation/s,
    );
  });

  it("goes its own way: what it learns and forgets is not in the other", async () => {
    const dir = await whole();
    const to = newDir();
    await fork(dir, to);
    const before = await digest(dir);
    const mine = tinyTask("mine", "private");
    await (await extend(to, { tasks: [mine], iterations: 1 }, { trainer: fakeTrainer })).done();
    expect((await readRun(to)).state.retained).toHaveProperty("mine");
    await forget(to, "mine");
    await forget(dir, experiment.tasks[0]!.name);
    expect((await readRun(to)).state.retained).toHaveProperty([experiment.tasks[0]!.name]);
    for (const each of [dir, to]) expect(await verifyRun(each)).toMatchObject({ ok: true });
    expect(await digest(dir)).not.toBe(before);
  });

  it("of a damaged run does not become a run", async () => {
    const dir = await whole();
    const { id } = (await readRun(dir)).state.models.get(0)!.path[0]!;
    await writeFile(join(dir, "layers", id.slice(0, 2), `${id}.safetensors`), "not it");
    const to = newDir();
    await expect(fork(dir, to)).rejects.toMatchObject({ code: "store/corrupt-layer" });
    expect(existsSync(to) && readdirSync(to)).toEqual([]);
  });

  it("is not a run while its layers arrive: it is neither resumed nor overwritten, and one that was killed is made again", async () => {
    const to = newDir();
    const dir = await whole();
    let left = "";
    const { format: _, ...header } = (await readRun(dir)).header;
    const killed = createRun(to, header, async ({ store }) => {
      await store.put(new Uint8Array([1]));
      expect(readdirSync(to)).not.toContain("run.json");
      await expect(open(to)).rejects.toMatchObject({ code: "run/not-a-run" });
      await expect(createRun(to, header)).rejects.toMatchObject({ code: "run/locked" });
      left = newFolder();
      cpSync(to, left, { recursive: true });
      rmSync(join(left, "writer.lock"), { recursive: true }); // its writer is dead
      throw new Error("killed");
    });
    await expect(killed).rejects.toThrow("killed");
    expect(readdirSync(to)).toEqual([]);
    expect(readdirSync(left).sort()).toEqual([".tmp-creating", "events.jsonl", "layers"]);
    await fork(dir, left);
    expect((await verifyRun(left)).ok).toBe(true);
    expect(await digest(left)).toBe(await digest(dir));
  });

  it("before an extension is without it", async () => {
    const dir = await whole();
    await (await extend(dir, { tasks: [tinyTask("mine")] }, options())).done();
    const to = newDir();
    await fork(dir, to, { generations: 6 });
    expect((await readRun(to)).state).toMatchObject({ ended: true, extension: [] });
  });

  it("is refused where there is no such generation, no run, or no room for one", async () => {
    const dir = await whole();
    await expect(fork(dir, newDir(), { generations: 7 })).rejects.toThrow("from 0 to 6");
    await expect(fork(newDir(), newDir())).rejects.toMatchObject({ code: "run/not-a-run" });
    await expect(fork(dir, dir)).rejects.toMatchObject({ code: "run/exists" });
  });
});
