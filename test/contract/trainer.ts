// What every Trainer must do, run on the fake and on the real one.

import { describe, expect, it } from "vitest";
import { componentTensors } from "../../src/core/components.js";
import { decodeLayer } from "../../src/core/layer-codec.js";
import type { Layer, Plan } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Cycle, LayerStore, Trainer } from "../../src/core/seams.js";
import type { TrainingMethod } from "../../src/engine/wire.js";
import { mapStore, tinyPlan, tinyRoot, tinyShape, tinyTask } from "../support/tiny-generation.js";

export type MakeTrainer = (given: { store: LayerStore; method: TrainingMethod }) => Trainer;

export const contractMethod: TrainingMethod = {
  keepTies: true,
  keepMomentum: true,
  momentumPrecision: "bfloat16",
  initSeed: "per-child",
};

export async function collect(cycles: AsyncIterable<Cycle>): Promise<Cycle[]> {
  const all: Cycle[] = [];
  for await (const cycle of cycles) all.push(cycle);
  return all;
}

export function trainerContract(kind: string, make: MakeTrainer): void {
  const task = tinyTask();
  const shape = tinyShape();
  const stepsPerCycle = 3;

  async function world(method: Partial<TrainingMethod> = {}) {
    const store = mapStore();
    const root = await tinyRoot(store, shape);
    const trainer = make({ store, method: { ...contractMethod, ...method } });
    return { store, root, trainer };
  }
  const generation = (root: readonly Layer[]): Plan[] => [
    tinyPlan(root, { child: 1, clones: ["encoder_norm"] }),
    tinyPlan(root, { child: 2, clones: ["encoder_norm", "encoderblock_0"] }),
    tinyPlan(root, { child: 3, shape: tinyShape({ adapters: [1] }), clones: ["encoder_norm"] }),
  ];

  describe(`trainer contract: ${kind}`, () => {
    it("gives one item per child and validation, children in plan order", async () => {
      const { root, trainer } = await world();
      const cycles = await collect(trainer.trainGeneration(generation(root), task, rngFromSeed(1)));
      expect(cycles.map(({ child, cycle, steps }) => [child, cycle, steps])).toEqual(
        [0, 1].flatMap((cycle) => [1, 2, 3].map((child) => [child, cycle, stepsPerCycle * (cycle + 1)])),
      );
      for (const { accuracy, loss, trainMs } of cycles) {
        expect(accuracy).toBeGreaterThanOrEqual(0);
        expect(accuracy).toBeLessThanOrEqual(1);
        expect(Number.isFinite(loss)).toBe(true);
        expect(trainMs).toBeGreaterThanOrEqual(0);
      }
      await trainer.close();
    });

    it("ends each child with its trained layers, and only these, on its last validation", async () => {
      const { root, trainer } = await world();
      const plans = generation(root);
      const cycles = await collect(trainer.trainGeneration(plans, task, rngFromSeed(1)));
      for (const { cycle, kept, failure } of cycles) {
        expect(failure).toBeUndefined();
        expect(kept === undefined).toBe(cycle === 0);
      }
      for (const plan of plans) {
        const { kept } = cycles.find(({ child, cycle }) => child === plan.child && cycle === 1)!;
        const trainable = plan.positions
          .filter(({ source }) => source.how !== "share")
          .map(({ name }) => name);
        expect(kept?.map(({ name }) => name)).toEqual(trainable);
        for (const layer of kept!) {
          const content = decodeLayer(layer.bytes);
          const dims = Object.fromEntries(Object.entries(content.tensors).map(([t, v]) => [t, [...v.dims]]));
          expect(dims).toEqual(componentTensors(layer.name, plan.shape));
          expect(content).toMatchObject({ name: layer.name, history: layer.history });
          expect(layer.paramCount).toBe(
            Object.values(content.tensors).reduce((n, { data }) => n + data.length, 0),
          );
        }
      }
      await trainer.close();
    });

    it("writes who trained a layer, steps up to the best version, consecutive ones of a task as one segment", async () => {
      const { root, store, trainer } = await world();
      const first = await collect(
        trainer.trainGeneration([tinyPlan(root, { child: 1 })], task, rngFromSeed(1)),
      );
      const head = first.at(-1)!.kept!.at(-1)!;
      const steps = head.history[0]!.steps;
      expect(head.history).toEqual([{ task: "tiny", steps }]);
      expect([3, 6]).toContain(steps);
      const layer: Layer = {
        name: "head",
        id: await store.put(head.bytes),
        paramCount: head.paramCount,
        history: head.history,
      };
      const plan = tinyPlan(root, { child: 2 });
      const again: Plan = {
        ...plan,
        positions: plan.positions.map((p) =>
          p.name === "head" ? { name: "head", source: { how: "clone", layer } } : p,
        ),
      };
      const second = await collect(trainer.trainGeneration([again], task, rngFromSeed(2)));
      const more = second.at(-1)!.kept![0]!.history;
      expect(more).toHaveLength(1);
      expect(more[0]!.steps - steps).toBeGreaterThanOrEqual(3);
      await trainer.close();
    });

    it("trains children that are planned alike, each to layers of its own", async () => {
      const { root, trainer } = await world();
      const plans = [1, 2, 3].map((child) => tinyPlan(root, { child, clones: ["encoder_norm"] }));
      const cycles = await collect(trainer.trainGeneration(plans, task, rngFromSeed(1)));
      const ends = cycles.slice(-3);
      expect(ends.map(({ child }) => child)).toEqual([1, 2, 3]);
      for (const { kept } of ends)
        expect(kept!.map(({ bytes }) => decodeLayer(bytes).name)).toEqual(["encoder_norm", "head"]);
      await trainer.close();
    });

    it("keeps nothing that does not reach the reference", async () => {
      const { root, trainer } = await world({ keepTies: false });
      const plan = tinyPlan(root, { child: 1, reference: 1 });
      const cycles = await collect(trainer.trainGeneration([plan], task, rngFromSeed(1)));
      expect(cycles.at(-1)).toMatchObject({ kept: null });
      await trainer.close();
    });

    it("trains the same seed to the same bytes", async () => {
      const { root, trainer } = await world();
      const run = async () =>
        (await collect(trainer.trainGeneration(generation(root), task, rngFromSeed(5)))).map(
          ({ trainMs: _, engineMs: __, ...cycle }) => cycle,
        );
      expect(await run()).toEqual(await run());
      await trainer.close();
    });

    it("changes no layer of the store", async () => {
      const { root, store, trainer } = await world();
      const before = new Map([...store.layers].map(([id, bytes]) => [id, bytes.slice()]));
      await collect(trainer.trainGeneration(generation(root), task, rngFromSeed(1)));
      expect(store.layers).toEqual(before);
      await trainer.close();
    });

    it("scores a model on a whole split, the odd last batch included", async () => {
      const { root, trainer } = await world();
      const model = { shape, path: root, hyperparams: tinyPlan(root, { child: 1 }).hyperparams };
      const { accuracy, examples } = await trainer.evaluate(model, task, "test");
      expect(examples).toBe(37);
      expect(accuracy * 37).toBeCloseTo(Math.round(accuracy * 37), 9);
      await trainer.close();
    });

    it("ends an evaluation at a signal, and can make it after that", async () => {
      const { root, trainer } = await world();
      const model = { shape, path: root, hyperparams: tinyPlan(root, { child: 1 }).hyperparams };
      const control = new AbortController();
      const evaluation = trainer.evaluate(model, task, "test", control.signal);
      control.abort();
      await expect(evaluation).rejects.toMatchObject({ name: "AbortError" });
      expect((await trainer.evaluate(model, task, "test")).examples).toBe(37);
      await trainer.close();
    });

    it("stops at a signal and can train again after it", async () => {
      const { root, trainer } = await world();
      const control = new AbortController();
      const plans = generation(root);
      const reached: Cycle[] = [];
      const run = async () => {
        for await (const cycle of trainer.trainGeneration(plans, task, rngFromSeed(1), control.signal)) {
          reached.push(cycle);
          control.abort();
        }
      };
      await expect(run()).rejects.toMatchObject({ name: "AbortError" });
      expect(reached).toHaveLength(1);
      expect(await collect(trainer.trainGeneration(plans, task, rngFromSeed(1)))).toHaveLength(6);
      await trainer.close();
    });

    it("can be left in the middle", async () => {
      const { root, trainer } = await world();
      for await (const cycle of trainer.trainGeneration(generation(root), task, rngFromSeed(1))) {
        expect(cycle.child).toBe(1);
        break;
      }
      await trainer.close();
    });
  });
}
