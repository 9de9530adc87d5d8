// Replicas are trained once, without any difference in the results: each child gets what it would have reached by itself.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Cycle } from "../../src/core/seams.js";
import type { Engine } from "../../src/engine/engine.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { trainGeneration } from "../../src/engine/replicas.js";
import { trainHere } from "../support/in-process.js";
import {
  mapStore,
  tinyHyperparams,
  tinyPlan,
  tinyRoot,
  tinyShape,
  tinyTask,
} from "../support/tiny-generation.js";

const task = tinyTask();
const shape = tinyShape({ blocks: 2 });

/** The engine, and how many children each of its training graphs had. */
async function countingEngine(): Promise<{ engine: Engine; trained: number[] }> {
  const engine = await onnxEngine({ threads: 1 });
  const trained: number[] = [];
  return {
    trained,
    engine: {
      ...engine,
      compile: (graph, given) => {
        const children = Object.keys(graph.outputs).filter((name) => name.startsWith("loss/")).length;
        if (children > 0) trained.push(children);
        return engine.compile(graph, given);
      },
    },
  };
}

async function world() {
  const store = mapStore();
  const root = await tinyRoot(store, shape);
  const child = (id: number, changes: Partial<Plan> & { clones?: readonly string[] } = {}): Plan =>
    tinyPlan(root, { child: id, parent: 0, shape, clones: ["encoder_norm"], ...changes });
  return { store, child };
}

const result = (cycles: readonly Cycle[], child: number) =>
  cycles
    .filter((cycle) => cycle.child === child)
    .map(({ child: _, trainMs: __, engineMs: ___, ...rest }) => rest);

describe("a generation with replicas in it", () => {
  it("ends as if every child had been trained by itself, whoever is whose replica", async () => {
    const { engine } = await countingEngine();
    const kind = fc.record({
      clones: fc.subarray(["encoder_norm", "encoderblock_1", "cls"]),
      learningRate: fc.constantFrom(0.1, 0.5, Number.MAX_VALUE),
      adapters: fc.constantFrom([], [1]),
      reference: fc.constantFrom(null, 0.5),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { minLength: 1, maxLength: 2 }),
        fc.array(fc.nat(1), { minLength: 2, maxLength: 5 }),
        fc.nat(100),
        async (kinds, drawn, seed) => {
          const { store, child } = await world();
          const plans = drawn.map((i, c) => {
            const { learningRate, adapters, reference, clones } = kinds[i % kinds.length]!;
            const hyperparams = { ...tinyHyperparams, learningRate };
            return child(c + 1, {
              shape: tinyShape({ blocks: 2, adapters }),
              hyperparams,
              reference,
              clones,
            });
          });
          const given = { engine, store };
          const together = await trainHere(plans, task, rngFromSeed(seed), given, trainGeneration);
          const perCycle = together.slice(0, plans.length).map((cycle) => cycle.child);
          expect(perCycle).toEqual(plans.map((plan) => plan.child));
          for (const plan of plans) {
            const alone = await trainHere([plan], task, rngFromSeed(seed), given);
            expect(result(together, plan.child)).toEqual(result(alone, plan.child));
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it("trains eight equal children once", async () => {
    const { store, child } = await world();
    const { engine, trained } = await countingEngine();
    const plans = Array.from({ length: 8 }, (_, i) => child(i + 1, { mutations: [] }));
    const cycles = await trainHere(plans, task, rngFromSeed(1), { engine, store }, trainGeneration);
    expect(trained).toEqual([1]);
    expect(cycles.map((cycle) => cycle.child)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
    const buffers = new Set(cycles.flatMap(({ kept }) => (kept ?? []).map(({ bytes }) => bytes.buffer)));
    expect(buffers.size).toBe(2); // final norm and head
  });

  it("trains each of them where they differ in anything that counts", async () => {
    const { store, child } = await world();
    const { engine, trained } = await countingEngine();
    const plans = [
      child(1),
      child(2, { clones: ["encoder_norm", "cls"] }),
      child(3, { hyperparams: { ...tinyHyperparams, learningRate: 0.2 } }),
      child(4, { reference: 0.2 }),
      child(5, { sizeFactor: 0.5 }),
      child(6, { hyperparams: { ...tinyHyperparams, flip: true } }),
    ];
    await trainHere(plans, task, rngFromSeed(1), { engine, store }, trainGeneration);
    expect(trained).toEqual([6]);
  });

  it("trains each child with new adapters, as every one draws its own, but not where all draw the same", async () => {
    const { store, child } = await world();
    const plans = [1, 2, 3].map((id) => child(id, { shape: tinyShape({ blocks: 2, adapters: [0] }) }));
    const train = async (initSeed: "per-child" | "fixed") => {
      const { engine, trained } = await countingEngine();
      const method = { keepTies: true, keepMomentum: true, momentumPrecision: "bfloat16", initSeed } as const;
      const cycles = await trainHere(plans, task, rngFromSeed(1), { engine, store, method }, trainGeneration);
      const kept = cycles.slice(-3).map((cycle) => Buffer.from(cycle.kept![0]!.bytes).toString("hex"));
      return { trained, distinct: new Set(kept).size };
    };
    expect(await train("per-child")).toEqual({ trained: [3], distinct: 3 });
    expect(await train("fixed")).toEqual({ trained: [1], distinct: 1 });
  });
});
