// Replicas: the same segment from copies of a run, each with a seed of its own.

import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { replicateCommand } from "../../src/commands/replicate.js";
import { readRun as readFolder } from "../../src/run/folder.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { type Replica, replicasOf, replicate } from "../../src/run/replicate.js";
import { verifyRun } from "../../src/run/verify/verify.js";
import { breaking } from "../support/breaking-trainer.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const experiment = tinyExperiment({ iterations: 1, seed: 4 });
const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));
const options = (changes: OpenOptions = {}): OpenOptions => ({ tasks, trainer: fakeTrainer, ...changes });
const segment = { tasks: ["one", tinyTask("new")], iterations: 1, settings: { children: 2 } };

async function ended(): Promise<string> {
  const dir = join(newFolder(), "run");
  await (await open(dir, experiment, options())).done();
  return dir;
}
const grown = async (dir: string, replica: Replica, changes: OpenOptions = {}) =>
  (await replicate(dir, replica, segment, options(changes))).done();

describe("replicas of a run", () => {
  it("grow by the same segment under seeds of their own, share its layers, and leave it as it is", async () => {
    const dir = await ended();
    const before = await readRun(dir);
    const replicas = replicasOf(before, join(newFolder(), "copies"), 2);
    expect(replicas.map(({ seed }) => seed)).toEqual([5, 6]);
    for (const replica of replicas) await grown(dir, replica);
    const [a, b] = await Promise.all(replicas.map((replica) => readRun(replica.dir)));
    expect(a!.state.models.length).toBe(before.state.models.length + 2 * 2 * 2);
    expect(a!.digest).not.toBe(b!.digest);
    for (const replica of replicas) expect(await verifyRun(replica.dir)).toMatchObject({ ok: true });
    expect((await readRun(dir)).digest).toBe(before.digest);
    const { store } = await readFolder(dir);
    expect(statSync(store.pathOf(before.state.models.get(0)!.path[0]!.id)).nlink).toBe(3);
  });

  it("come to the same bytes when they are made again, also after a crash", async () => {
    const dir = await ended();
    const [replica] = replicasOf(await readRun(dir), join(newFolder(), "copies"), 1);
    await grown(dir, replica!);
    const { digest } = await readRun(replica!.dir);
    rmSync(replica!.dir, { recursive: true });
    await expect(grown(dir, replica!, { trainer: breaking(2) })).rejects.toThrow("power cut");
    await grown(dir, replica!, { tasks: [...tasks, tinyTask("new")] });
    expect((await readRun(replica!.dir)).digest).toBe(digest);
    // One that has ended is left alone.
    await grown(dir, replica!);
    expect((await readRun(replica!.dir)).digest).toBe(digest);
  });

  it("are compared in a table whose shares all have one digit", async () => {
    const dir = await ended();
    const to = join(newFolder(), "copies");
    const again = { tasks: ["one"], iterations: 1 };
    for (const replica of replicasOf(await readRun(dir), to, 2))
      await (await replicate(dir, replica, again, options())).done();
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    await replicateCommand(dir, { tasks: "one", iterations: 1, set: [], copies: 2, out: to, engine: "onnx" });
    const text = write.mock.calls.map(([chunk]) => String(chunk)).join("");
    write.mockRestore();
    const row = text.slice(text.indexOf("test accuracy  ")).split("\n")[2]!;
    expect(row).toMatch(/^one( +\d+\.\d\s%){4}$/);
  });

  it("are refused with the run's own seed, and in the folder of another", async () => {
    const dir = await ended();
    const to = join(newFolder(), "copies");
    const record = await readRun(dir);
    expect(() => replicasOf(record, to, 3, 2)).toThrow("no replica has the run's own, 4");
    expect(() => replicasOf(record, to, 0)).toThrow("at least 1");
    const [replica] = replicasOf(record, to, 1);
    await grown(dir, replica!);
    await expect(grown(dir, { ...replica!, seed: 9 })).rejects.toMatchObject({ code: "run/not-the-replica" });
  });
});
