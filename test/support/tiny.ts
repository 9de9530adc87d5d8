// Small things that many tests need: a task of noise, a tiny experiment, a lab without an engine.

import fc from "fast-check";
import type { TaskRecord } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import type { Access } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Images, Task } from "../../src/core/task.js";
import { preliminary } from "../../src/experiments/preliminary.js";

export function tinyImages(count: number, classes: number, seed = 0, size = 32): Images {
  const rng = rngFromSeed(seed);
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size * size * 3));
  const labels = new Int32Array(new SharedArrayBuffer(count * 4));
  for (let i = 0; i < pixels.length; i++) pixels[i] = rng.int(256);
  for (let i = 0; i < count; i++) labels[i] = i % classes;
  return { pixels, labels, count, height: size, width: size, channels: 3 };
}

export function tinyTask(
  name: string,
  access: Access = "public",
  counts = { train: 24, validation: 10, test: 10 },
): Task {
  const seed = [...name].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % 1000;
  return {
    name,
    access,
    classes: 10,
    splits: {
      train: tinyImages(counts.train, 10, seed),
      validation: tinyImages(counts.validation, 10, seed + 1),
      test: tinyImages(counts.test, 10, seed + 2),
    },
    fingerprint: String(seed).padStart(64, "0"),
    source: "noise",
  };
}

export const taskRecord = (task: Task): TaskRecord => ({
  name: task.name,
  access: task.access,
  classes: task.classes,
  train: task.splits.train.count,
  validation: task.splits.validation.count,
  test: task.splits.test.count,
  fingerprint: task.fingerprint,
  source: task.source,
});

/** Any access that the tasks of tinyExperiment may have. */
export const anyAccess: fc.Arbitrary<Access> = fc.constantFrom<Access>(
  "public",
  "private",
  ["one"],
  ["two"],
  ["secret"],
  ["one", "secret"],
);

/** Three tasks, the last one private; a backbone of 16 channels, so that a layer is a few kilobytes. */
export function tinyExperiment(changes: Partial<Experiment> = {}): Experiment {
  const experiment = preliminary({
    tasks: [
      { name: "one", access: "public" },
      { name: "two", access: "public" },
      { name: "secret", access: "private" },
    ],
  });
  return {
    ...experiment,
    name: "tiny",
    root: { kind: "random", backbone: { name: "tiny", patch: 16, width: 16, mlp: 32, heads: 2 }, blocks: 0 },
    training: { ...experiment.training, batchSize: 8, cycles: 2 },
    iterations: 2,
    generations: 2,
    children: 3,
    ...changes,
  };
}

export const tinyTasks = (experiment: Experiment): Map<string, Task> =>
  new Map(experiment.tasks.map(({ name, access }) => [name, tinyTask(name, access)]));
