// Training without workers: the same code as in them, on this thread, so that a test can train many small generations.

import { decodeLayer, type LayerContent } from "../../src/core/layer-codec.js";
import type { LayerId, Plan } from "../../src/core/model.js";
import type { Rng } from "../../src/core/rng.js";
import type { Cycle, LayerStore } from "../../src/core/seams.js";
import type { Task } from "../../src/core/task.js";
import type { BatchSource } from "../../src/engine/batch-client.js";
import { BatchMaker, emptyBatch } from "../../src/engine/batches.js";
import type { Engine } from "../../src/engine/engine.js";
import { type TrainContext, trainPlans } from "../../src/engine/train.js";
import { tinyTraining } from "./tiny-generation.js";

/** Batches made when they are asked for. */
export const batchesHere: BatchSource = async function* (plan, first, count) {
  const maker = new BatchMaker(plan);
  for (let i = 0; i < count; i++) {
    const batch = emptyBatch(plan);
    maker.fill(first + i, batch);
    yield batch;
  }
};

export interface InProcess extends Partial<Omit<TrainContext, "engine" | "layers">> {
  readonly engine: Engine;
  readonly store: Pick<LayerStore, "get">;
}

/** All cycles of a generation, each of its plans trained by itself unless `train` says otherwise. */
export async function trainHere(
  plans: readonly Plan[],
  task: Task,
  rng: Rng,
  given: InProcess,
  train: typeof trainPlans = trainPlans,
): Promise<Cycle[]> {
  const layers = new Map<LayerId, LayerContent>();
  for (const { positions } of plans)
    for (const { source } of positions)
      if (source.how !== "init")
        layers.set(source.layer.id, decodeLayer(new Uint8Array(await given.store.get(source.layer.id))));
  const context: TrainContext = {
    batches: batchesHere,
    training: tinyTraining,
    method: { keepTies: true, keepMomentum: true, momentumPrecision: "bfloat16", initSeed: "per-child" },
    maxBytes: Number.POSITIVE_INFINITY,
    check: () => {},
    ...given,
    layers,
  };
  const cycles: Cycle[] = [];
  for await (const items of train(plans, task, rng, context)) cycles.push(...items);
  return cycles;
}
