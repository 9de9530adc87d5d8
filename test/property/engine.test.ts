// Laws of training together: siblings don't touch each other's bits, nor do threads, nor the way a generation is split.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Layer, Plan } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Cycle } from "../../src/core/seams.js";
import { graphModel } from "../../src/engine/children.js";
import { groupBytes } from "../../src/engine/group-memory.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { trainingGraph } from "../../src/graph/generation.js";
import { type InProcess, trainHere } from "../support/in-process.js";
import {
  mapStore,
  tinyHyperparams,
  tinyPlan,
  tinyRoot,
  tinyShape,
  tinyTask,
  tinyTraining,
} from "../support/tiny-generation.js";

const task = tinyTask();
const rootShape = tinyShape({ blocks: 3 });
const component = fc.constantFrom(
  "embedding",
  "cls",
  "posembed_input",
  "encoderblock_0",
  "encoderblock_1",
  "encoderblock_2",
  "encoder_norm",
);

/** What makes a child of the root: depth, adapters, what it clones, how it learns. */
interface Kind {
  readonly blocks: number;
  readonly adapters: readonly number[];
  readonly clones: readonly string[];
  readonly nesterov: boolean;
  readonly momentum: number;
  readonly learningRate: number;
  readonly flip: boolean;
  readonly imageSize: number;
}

const kind: fc.Arbitrary<Kind> = fc.record({
  blocks: fc.integer({ min: 0, max: 3 }),
  adapters: fc.uniqueArray(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
  clones: fc.uniqueArray(component, { maxLength: 4 }),
  nesterov: fc.boolean(),
  momentum: fc.constantFrom(0.5, 0.9),
  learningRate: fc.constantFrom(0.01, 0.5),
  flip: fc.boolean(),
  imageSize: fc.constantFrom(16, 32, 48),
});

/** The estimate of training `plan` by itself, bytes. */
function bytesAlone(plan: Plan): number {
  const { momentum, nesterov } = plan.hyperparams;
  const sgd = { momentum, nesterov, clipNorm: tinyTraining.clipNorm, momentumPrecision: "bfloat16" } as const;
  const child = { ...graphModel(plan, "images"), sgd };
  const { batchSize: batch } = tinyTraining;
  return groupBytes([child], trainingGraph([child], { batch, classes: task.classes }));
}

const world = async () => {
  const store = mapStore();
  const root = await tinyRoot(store, rootShape);
  const atSize = new Map<number, Layer[]>();
  for (const imageSize of [16, 32, 48]) {
    const posembed = (await tinyRoot(store, { ...rootShape, imageSize }))[2]!;
    atSize.set(
      imageSize,
      root.map((layer) => (layer.name === "posembed_input" ? posembed : layer)),
    );
  }
  const plan = (made: Kind, child: number): Plan => {
    const { blocks, clones, nesterov, momentum, learningRate, flip, imageSize } = made;
    const adapters = made.adapters.filter((i) => i < blocks).sort();
    const hyperparams = { ...tinyHyperparams, nesterov, momentum, learningRate, flip };
    const shape = tinyShape({ blocks, adapters, imageSize });
    return tinyPlan(atSize.get(imageSize)!, { child, clones, shape, hyperparams });
  };
  return { store, root, plan };
};

const withoutTime = (cycles: readonly Cycle[], child?: number) =>
  cycles
    .filter((cycle) => child === undefined || cycle.child === child)
    .map(({ trainMs: _, engineMs: __, ...rest }) => rest);

describe("siblings", () => {
  it("a child ends bit-identical alone and among any siblings", async () => {
    const { store, plan } = await world();
    const engine = await onnxEngine({ threads: 2 });
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 2, maxLength: 4 }), fc.nat(100), async (kinds, seed) => {
        const plans = kinds.map((made, i) => plan(made, i + 1));
        const together = await trainHere(plans, task, rngFromSeed(seed), { engine, store });
        for (const own of plans) {
          const alone = await trainHere([own], task, rngFromSeed(seed), { engine, store });
          expect(withoutTime(together, own.child)).toEqual(withoutTime(alone));
        }
      }),
      { numRuns: 6 },
    );
  });

  it("one that diverges fails alone: its siblings are what they are without it", async () => {
    const { store, root } = await world();
    const engine = await onnxEngine({ threads: 1 });
    const sane = tinyPlan(root, { child: 1, clones: ["encoder_norm", "encoderblock_0"], shape: rootShape });
    const hyperparams = { ...tinyHyperparams, learningRate: Number.MAX_VALUE };
    const wild = tinyPlan(root, { child: 2, clones: ["encoder_norm"], shape: rootShape, hyperparams });
    const both = await trainHere([sane, wild], task, rngFromSeed(1), { engine, store });
    const alone = await trainHere([sane], task, rngFromSeed(1), { engine, store });
    expect(withoutTime(both, 1)).toEqual(withoutTime(alone));
    const broken = withoutTime(both, 2);
    expect(broken.map(({ accuracy }) => accuracy)).toEqual([0, 0]);
    expect(broken.every(({ loss }) => Number.isFinite(loss))).toBe(true);
    expect(broken.at(-1)).toMatchObject({ kept: null, failure: { code: "engine/diverged" } });
  });
});

describe("a generation ends with the same bytes", () => {
  const kinds: Kind[] = [0, 1, 2, 3].map((blocks) => ({
    blocks,
    adapters: blocks > 1 ? [1] : [],
    clones: ["encoder_norm", "encoderblock_1", "cls"].slice(0, blocks),
    nesterov: blocks === 2,
    momentum: 0.9,
    learningRate: 0.1,
    flip: false,
    imageSize: blocks === 1 ? 48 : 32,
  }));
  const run = async (over: Partial<InProcess> & { threads?: number }) => {
    const { store, plan } = await world();
    const { threads = 1, ...given } = over;
    const engine = await onnxEngine({ threads });
    const plans = kinds.map((made, i) => plan(made, i + 1));
    return trainHere(plans, task, rngFromSeed(3), { engine, store, ...given });
  };
  const byChild = (cycles: readonly Cycle[]) =>
    withoutTime(cycles).sort((a, b) => a.child - b.child || a.cycle - b.cycle);

  it("with one thread and with two", async () => {
    expect(withoutTime(await run({ threads: 2 }))).toEqual(withoutTime(await run({})));
  });

  it("in one graph and in several under a memory budget", async () => {
    const { plan } = await world();
    const maxBytes = Math.max(...kinds.map((made, i) => bytesAlone(plan(made, i + 1))));
    expect(byChild(await run({ maxBytes }))).toEqual(byChild(await run({})));
    await expect(run({ maxBytes: maxBytes - 1 })).rejects.toMatchObject({ code: "engine/memory-too-small" });
  });
});
