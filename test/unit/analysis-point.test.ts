import { describe, expect, test } from "vitest";
import { sweepPoint } from "../../src/analysis/sweep-point.js";
import { BACKBONES, componentNames, type Shape } from "../../src/core/components.js";
import { forwardFlops, trainingFlops } from "../../src/core/flops.js";
import type { Layer, Position } from "../../src/core/model.js";
import { foldEvents } from "../../src/core/state.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { fixedEvents, fixedState } from "../support/fixed-state.js";

const experiment = preliminary({ tasks: ["a", "b", "c"].map((name) => ({ name, access: "public" })) });
const facts = {
  variant: { method: "full" },
  repetition: 2,
  root: "by hand",
  digest: "d",
  wallSeconds: 90,
  trainSeconds: 30,
  threads: 2,
  events: fixedEvents(),
} as const;

describe("the point of a run", () => {
  const point = sweepPoint(fixedState(), experiment, facts);
  const [a, b, c] = point.tasks;

  test("has each task's final model: accuracies, splits as used, what it was selected from", () => {
    expect(point.tasks.map(({ task }) => task)).toEqual(["a", "b", "c"]);
    expect(b).toMatchObject({
      validationAccuracy: 0.85,
      testAccuracy: 0.8,
      images: { train: 1024, validation: 256, test: 200 },
      children: 3,
      validations: 5,
      classes: 7,
    });
  });

  test("accounts parameters with the tasks that share them", () => {
    // a: class token 10 with b; block 200 with b and c; position 20 with b (the root does not count); 100 + 4 + 30 own.
    expect(a!.accountedParams).toBeCloseTo(100 + 10 / 2 + 20 / 2 + 200 / 3 + 34, 9);
  });

  test("says who trained each layer last, and nobody of the root's", () => {
    expect(c!.layers.map(({ name, trainedBy }) => [name, trainedBy])).toEqual([
      ["embedding", "b"],
      ["cls", "c"],
      ["posembed_input", "c"],
      ["encoderblock_0", "a"],
      ["encoderblock_1", "c"],
      ["encoder_norm", "c"],
      ["head", "c"],
    ]);
    expect(a!.layers[0]!.trainedBy).toBeNull();
  });

  test("counts ancestors by task, and follows the lineage only in its own task", () => {
    expect(c!.ancestors).toEqual({ a: 1, b: 1 });
    expect(c!.lineage.map(({ model }) => model)).toEqual([6]);
    expect(b!.curve).toEqual([0.85]);
  });

  test("sums the cost over all children, failed ones too", () => {
    expect(point.cost).toMatchObject({
      children: 6,
      examples: (40 + 40 + 20 + 20 + 20 + 60) * 512,
      coreSeconds: 60,
      wallSeconds: 90,
    });
    expect(point.cost.flops).toBeGreaterThan(0);
    expect(point.sampled.learningRate).toEqual({ "0.01": 3, "0.02": 3 });
  });

  test("is refused of a run that has not ended or has a task without a model", () => {
    const events = fixedEvents();
    expect(() => sweepPoint(foldEvents(events.slice(0, -1)), experiment, facts)).toThrow(/not ended/);
    const state = { ...fixedState(), retained: { a: 1, b: 3 } };
    expect(() => sweepPoint(state, experiment, facts)).toThrow(/no model for task "c"/);
  });
});

describe("floating-point operations", () => {
  const shape: Shape = {
    backbone: BACKBONES["Ti/16"],
    imageSize: 32,
    blocks: 3,
    adapters: [1],
    adapterDim: 32,
    classes: 10,
  };
  const names = componentNames(shape);
  const layer = {} as Layer;
  const plan = (trained: readonly string[]) => ({
    shape,
    positions: names.map(
      (name): Position => ({
        name,
        source: { how: trained.includes(name) ? "clone" : "share", layer },
      }),
    ),
  });
  const D = 192;
  const block = 2 * 5 * (4 * D * D + 2 * D * 768);
  const attention = 4 * 25 * D;
  const adapter = 4 * 5 * D * 32;
  const patches = 2 * 4 * 768 * D;
  const head = 2 * D * 10;

  test("forward: two for each multiplication and addition of a matrix product", () => {
    expect(forwardFlops(names, shape)).toBe(patches + 3 * (block + attention) + adapter + head);
  });

  test("a head alone costs its own gradient besides the forward pass", () => {
    expect(trainingFlops(plan(["head"]))).toBe(forwardFlops(names, shape) + head);
    expect(trainingFlops(plan(["encoder_norm", "head"]))).toBe(forwardFlops(names, shape) + 2 * head);
  });

  test("a frozen block above a trained one passes its gradient, one below costs nothing", () => {
    const forward = forwardFlops(names, shape);
    expect(trainingFlops(plan(["encoderblock_1", "head"])) - forward).toBe(
      block + 2 * attention + block + (block + 2 * attention) + 2 * head,
    );
  });

  test("training everything is about three times the forward pass", () => {
    const ratio = trainingFlops(plan(names)) / forwardFlops(names, shape);
    expect(ratio).toBeGreaterThan(2.8);
    expect(ratio).toBeLessThan(3);
  });
});
