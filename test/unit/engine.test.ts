// The engine's small rules: what is kept, order of examples, batches, plain messages for engines that aren't there.

import { describe, expect, it } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { BatchMaker, type BatchPlan, ExampleOrder, emptyBatch } from "../../src/engine/batches.js";
import { isKept, withSteps } from "../../src/engine/keep.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { tfjsEngine } from "../../src/engine/tfjs.js";
import { createTrainer } from "../../src/engine/trainer.js";
import { contractMethod } from "../contract/trainer.js";
import { mapStore, tinyTask, tinyTraining } from "../support/tiny-generation.js";

describe("which version is kept", () => {
  const free = { reference: null, sizeFactor: 1 };
  const bound = { reference: 0.5, sizeFactor: 1 };
  it.each([
    [free, 0, null, false, true],
    [free, 0.3, 0.3, false, false],
    [free, 0.3, 0.3, true, true],
    [bound, 0.5, null, false, false],
    [bound, 0.5, null, true, true],
    [bound, 0.6, 0.7, true, false],
    [{ reference: 0.5, sizeFactor: 0.9 }, 0.54, null, true, false],
    [{ reference: 0.5, sizeFactor: 0.9 }, 0.56, null, true, true],
  ])("%o, accuracy %d, best %s, ties %s: %s", (plan, accuracy, best, ties, kept) => {
    expect(isKept(plan, accuracy, best, ties)).toBe(kept);
  });

  it("adds steps to the last span of the same task and begins one for another", () => {
    expect(withSteps([], "a", 3)).toEqual([{ task: "a", steps: 3 }]);
    const history = [
      { task: "a", steps: 3 },
      { task: "b", steps: 1 },
    ];
    expect(withSteps(history, "b", 4)).toEqual([
      { task: "a", steps: 3 },
      { task: "b", steps: 5 },
    ]);
    expect(withSteps(history, "a", 4)).toEqual([...history, { task: "a", steps: 4 }]);
    expect(history).toHaveLength(2);
  });
});

describe("the order of examples", () => {
  it("has every example once an epoch, each epoch in an order of its own, with batches across its borders", () => {
    const order = new ExampleOrder(10, rngFromSeed(1));
    const batches = [0, 1, 2, 3, 4].flatMap((i) => [...order.indices(6 * i, 6)]);
    const epochs = [0, 1, 2].map((e) => batches.slice(10 * e, 10 * (e + 1)));
    for (const epoch of epochs)
      expect([...epoch].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect([...new ExampleOrder(10, rngFromSeed(1)).indices(12, 6)]).toEqual(batches.slice(12, 18));
  });
});

describe("batches", () => {
  const images = tinyTask().splits.test; // 37 of them
  const plan = (key: BatchPlan["key"]): BatchPlan => ({
    images,
    batchSize: 16,
    key,
    streams: [{ name: "s", imageSize: 32, preprocessing: null }],
  });

  it("of an evaluation go through the split in order, the rest filled with label -1", () => {
    const maker = new BatchMaker(plan(null));
    const batch = emptyBatch(maker.plan);
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      maker.fill(i, batch);
      seen.push(...batch.labels);
    }
    expect(seen.slice(0, 37)).toEqual([...images.labels]);
    expect(seen.slice(37)).toEqual(Array(11).fill(-1));
    expect(batch.images.s!.slice(5 * 32 * 32 * 3).every((pixel) => pixel === 0)).toBe(true);
    expect(batch.images.s!.every((pixel) => pixel >= -1 && pixel <= 1)).toBe(true);
  });
});

describe("an engine that isn't there is named in a plain message", () => {
  it("tfjs-node-gpu, which is an optional peer", async () => {
    await expect(tfjsEngine({ device: "node-gpu" })).rejects.toMatchObject({
      code: "engine/missing",
      message: expect.stringMatching(
        /^The tfjs \(node-gpu\) engine is not installed\. .*npm install @tensorflow\/tfjs-node-gpu/,
      ),
    });
  });

  it("a device that does not exist, with those that do", async () => {
    await expect(tfjsEngine({ device: "abacus" })).rejects.toMatchObject({ code: "options/not-valid" });
    await expect(onnxEngine({ device: "wasm" })).rejects.toMatchObject({
      message: 'The onnx engine\'s device is "wasm", but must be one of cpu, webgpu, cuda.',
    });
  });

  it("threads, bytes and devices that can't be", () => {
    const options = { store: mapStore(), training: tinyTraining, method: contractMethod };
    expect(() => createTrainer({ ...options, threads: 0 })).toThrow(
      "threads is 0, but must be a whole number from 1.",
    );
    expect(() => createTrainer({ ...options, maxBytes: 0 })).toThrow("a number of bytes above 0");
    expect(() => createTrainer({ ...options, engine: "tfjs", device: "cuda" })).toThrow(
      "one of node-gpu, node, wasm, cpu",
    );
  });
});
