// What a child takes from its parent's layer and what is kept of it (method.md §b.8, §d.4), with the real engine.

import { describe, expect, it } from "vitest";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import type { Layer } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import type { TrainingMethod } from "../../src/engine/wire.js";
import { trainHere } from "../support/in-process.js";
import {
  mapStore,
  type TinyPlan,
  tinyHyperparams,
  tinyPlan,
  tinyRoot,
  tinyShape,
  tinyTask,
  tinyTraining,
} from "../support/tiny-generation.js";

const engine = await onnxEngine({ threads: 1 });
const task = tinyTask();
const method: TrainingMethod = {
  keepTies: true,
  keepMomentum: true,
  momentumPrecision: "bfloat16",
  initSeed: "per-child",
};

/** The last cycle of a child of a root whose final norm has this momentum in every value. */
async function child(
  momentum: number,
  of: Partial<TinyPlan>,
  changes: Partial<TrainingMethod>,
  cycles: number,
) {
  const store = mapStore();
  const root = await tinyRoot(store, tinyShape());
  const at = root.findIndex(({ name }) => name === "encoder_norm");
  const content = decodeLayer(await store.get(root[at]!.id));
  const trace = Object.fromEntries(
    Object.entries(content.tensors).map(([tensor, { data }]) => [tensor, data.map(() => momentum)]),
  );
  const norm: Layer = {
    ...root[at]!,
    id: await store.put(encodeLayer({ ...content, momentum: trace })),
  };
  const plan = tinyPlan(root.with(at, norm), { child: 1, clones: ["encoder_norm"], ...of });
  const training = { ...tinyTraining, cycles, examplesPerCycle: tinyTraining.batchSize };
  const given = { engine, store, training, method: { ...method, ...changes } };
  return (await trainHere([plan], task, rngFromSeed(3), given)).at(-1)!;
}

describe("the momentum of a cloned layer", () => {
  const hyperparams = { ...tinyHyperparams, schedule: "constant", learningRate: 0.2, momentum: 0.9 } as const;
  const step = async (momentum: number, keepMomentum: boolean) => {
    const { kept } = await child(momentum, { hyperparams }, { keepMomentum }, 1);
    return decodeLayer(kept!.find(({ name }) => name === "encoder_norm")!.bytes);
  };

  it("continues in the child under µ2Net: under a new head, which passes no gradient down, it alone moves the norm", async () => {
    const [without, carried] = [await step(0, true), await step(0.5, true)];
    expect(without.momentum).toBeNull();
    for (const tensor of ["scale", "bias"]) {
      const before = without.tensors[tensor]!.data;
      // A constant schedule halves the rate: 0.1 × 0.9 × 0.5.
      for (const [i, value] of carried.tensors[tensor]!.data.entries())
        expect(before[i]! - value).toBeCloseTo(0.045, 6);
      for (const value of carried.momentum![tensor]!) expect(value).toBeCloseTo(0.45, 2); // in bfloat16
    }
  });

  it("is left behind under muNet, and none is stored", async () => {
    const [without, carried] = [await step(0, false), await step(0.5, false)];
    expect(carried.tensors).toEqual(without.tensors);
    expect(carried.momentum).toBeNull();
  });
});

describe("the version that is kept", () => {
  /** At so small a rate no weight moves, so all validations are equal. */
  const still = { ...tinyHyperparams, learningRate: Number.MIN_VALUE };
  const kept = async (keepTies: boolean, of: Partial<TinyPlan> = {}) => {
    const cycle = await child(0, { hyperparams: still, ...of }, { keepTies }, 3);
    return { accuracy: cycle.accuracy, steps: cycle.kept?.[0]?.history.at(-1)?.steps ?? null };
  };

  it("is the last of equals under µ2Net and the first under muNet", async () => {
    expect([(await kept(true)).steps, (await kept(false)).steps]).toEqual([3, 1]);
  });

  it("that only equals the parent's score counts under µ2Net alone", async () => {
    const { accuracy } = await kept(true);
    const sizeFactor = 0.5;
    const tie = { reference: accuracy * sizeFactor, sizeFactor };
    expect([(await kept(true, tie)).steps, (await kept(false, tie)).steps]).toEqual([3, null]);
    const above = { ...tie, reference: tie.reference * 1.0001 };
    expect((await kept(true, above)).steps).toBeNull();
  });
});
