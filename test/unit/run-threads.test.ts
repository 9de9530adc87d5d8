// The number of threads is part of how a run came about: always given to the engine, kept with the run, used again.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type OpenOptions, open } from "../../src/run/open.js";
import { readRun } from "../../src/run/record.js";
import { fakeTrainer } from "../support/fake-trainer.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyExperiment, tinyTask } from "../support/tiny.js";

const newFolder = temporaryFolders();
const experiment = tinyExperiment({ iterations: 1 });
const tasks = experiment.tasks.map(({ name, access }) => tinyTask(name, access));

/** Opens the run in `dir`, ends it or stops it at once, and says on how many threads it was to train. */
async function trainedOn(
  dir: string,
  options: OpenOptions,
  how: "done" | "stop",
): Promise<number | undefined> {
  let threads: number | undefined;
  const run = await open(dir, experiment, {
    ...options,
    tasks,
    trainer: (given) => {
      threads = given.threads;
      return fakeTrainer(given);
    },
  });
  await run[how]();
  return threads;
}

it("a run trains on as many threads as the machine runs at once, and says so", async () => {
  const dir = join(newFolder(), "run");
  expect(await trainedOn(dir, {}, "done")).toBe(availableParallelism());
  expect((await readRun(dir)).header.threads).toBe(availableParallelism());
});

it("a run continues on the threads that it began with, and on others where asked to", async () => {
  const dir = join(newFolder(), "run");
  expect(await trainedOn(dir, { threads: 5 }, "stop")).toBe(5);
  expect(await trainedOn(dir, {}, "stop")).toBe(5);
  expect(await trainedOn(dir, { threads: 3 }, "done")).toBe(3);
  const { header, threads } = await readRun(dir);
  expect(header.threads).toBe(5);
  expect(threads).toBeLessThanOrEqual(5);
  expect(threads).toBeGreaterThanOrEqual(3);
});
