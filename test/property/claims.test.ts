// What the papers claim of the method, each shown on data so small that it trains in seconds: nothing is forgotten, nothing
// interferes, a related task helps, and size is traded for quality by the scale factor.

import { describe, expect, it } from "vitest";
import { decodeLayer } from "../../src/core/layer-codec.js";
import { layerUsers } from "../../src/core/layer-users.js";
import { retainedModels } from "../../src/core/live.js";
import { type Method, munet } from "../../src/core/methods.js";
import type { Layer, Model, Plan } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { accountedParams } from "../../src/core/score.js";
import type { LayerStore } from "../../src/core/seams.js";
import { foldEvents, modelOf, type State } from "../../src/core/state.js";
import type { Task } from "../../src/core/task.js";
import { frozenTensors } from "../../src/engine/children.js";
import type { Engine } from "../../src/engine/engine.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { createTrainer } from "../../src/engine/trainer.js";
import { evolve } from "../../src/evolve.js";
import { GraphBuilder } from "../../src/graph/builder.js";
import { names } from "../../src/graph/generation.js";
import { vitLogits } from "../../src/graph/vit.js";
import { rootEvents } from "../../src/run/root.js";
import { trainHere } from "../support/in-process.js";
import { taskRecord, tinyExperiment } from "../support/tiny.js";
import {
  mapStore,
  TINY,
  tinyHyperparams,
  tinyPlan,
  tinyRoot,
  tinyShape,
  tinyTask,
} from "../support/tiny-generation.js";
import { evolveTiny } from "../support/tiny-lab.js";

/** Logits of `model` on 16 images of no task, with its layers as the store has them. */
async function logitsOf({ path, shape }: Model, store: Pick<LayerStore, "get">, engine: Engine) {
  const layers = new Map(await Promise.all(path.map(async (l) => [l.id, await store.get(l.id)] as const)));
  const decoded = new Map([...layers].map(([id, bytes]) => [id, decodeLayer(bytes)]));
  const positions = path.map(({ name, id }) => ({ name, layer: id }));
  const g = new GraphBuilder();
  const images = g.input("images", [16, shape.imageSize, shape.imageSize, 3]);
  const logits = vitLogits(g, shape, images, (component, tensor) => {
    const layer = path.find(({ name }) => name === component)!.id;
    return g.input(names.layer(layer, tensor), decoded.get(layer)!.tensors[tensor]!.dims);
  });
  const constants = frozenTensors([{ key: "", shape, stream: "", positions }], decoded, names.layer);
  const program = await engine.compile({ outputs: { logits } }, { constants });
  const rng = rngFromSeed(3);
  const pixels = Float32Array.from({ length: 16 * shape.imageSize ** 2 * 3 }, () => 2 * rng.uniform() - 1);
  const result = (await program.run({ images: pixels })).logits!.slice();
  await program.dispose();
  return result;
}

describe("no forgetting and no interference (muNet §2, µ2Net §3)", () => {
  it("a task's model predicts to the bit what it predicted before other tasks came, and its layers are the same bytes", async () => {
    const tasks = ["one", "two", "three"].map((name, i): Task => ({ ...tinyTask({ seed: i }), name }));
    const experiment = tinyExperiment({
      tasks: tasks.map(({ name }) => ({ name, access: "public" })),
      method: { ...munet, search: { ...munet.search, imageSize: [16, 32, 48] } },
      root: { kind: "random", backbone: TINY, blocks: 3 },
    });
    const store = mapStore();
    const rng = rngFromSeed(experiment.seed);
    const { training, method } = experiment;
    const trainer = createTrainer({ store, training, method, threads: 1 });
    const engine = await onnxEngine({ threads: 1 });
    const records = tasks.map(taskRecord);
    let state = foldEvents(await rootEvents(experiment, records, store, rng, () => 0));
    const lab = { trainer, store, tasks: new Map(tasks.map((t) => [t.name, t])), rng, now: () => 0 };

    const seen: { model: Model; logits: Float32Array; bytes: Uint8Array[] }[] = [];
    const bytesOf = (model: Model) => Promise.all(model.path.map(async ({ id }) => store.get(id)));
    const started = state;
    for await (const event of evolve(started, experiment, lab)) {
      state = foldEvents([event], state);
      if (event.type !== "activation-ended") continue;
      const model = modelOf(state, event.retained!);
      seen.push({ model, logits: await logitsOf(model, store, engine), bytes: await bytesOf(model) });
    }
    await trainer.close();
    expect(seen.length).toBe(6);
    for (const { model, logits, bytes } of seen) {
      expect(await logitsOf(model, store, engine)).toEqual(logits);
      expect(await bytesOf(model)).toEqual(bytes);
    }
    const shared = retainedModels(state).filter(({ task }) => task !== null);
    const users = shared.map(({ path }) => new Set(path.map(({ id }) => id)));
    expect([...users[0]!].some((id) => users[1]!.has(id) || users[2]!.has(id))).toBe(true);
  });
});

/** A bright patch in one of four quarters of a noisy image; related tasks number the quarters differently and have other noise. */
function quarters(name: string, order: readonly number[], seed: number, train: number): Task {
  const rng = rngFromSeed(seed).child(name);
  const split = (count: number) => {
    const pixels = new Uint8Array(new SharedArrayBuffer(count * 32 * 32));
    const labels = new Int32Array(new SharedArrayBuffer(4 * count));
    for (let i = 0; i < count; i++) {
      const quarter = rng.int(4);
      labels[i] = order[quarter]!;
      for (let p = 0; p < 32 * 32; p++) {
        const [y, x] = [Math.floor(p / 32), p % 32];
        const inside = Math.floor(y / 16) * 2 + Math.floor(x / 16) === quarter;
        pixels[i * 32 * 32 + p] = 255 * Math.min(1, 0.6 * rng.uniform() + (inside ? 0.25 : 0));
      }
    }
    return { pixels, labels, count, height: 32, width: 32, channels: 1 };
  };
  const splits = { train: split(train), validation: split(64), test: split(1) };
  return { name, access: "public", classes: 4, splits, fingerprint: name, source: "made" };
}

describe("a related task helps (µ2Net §3, knowledge transfer)", () => {
  it("its layers, trained on, come to more than random ones in as many steps: mean of five seeds", async () => {
    const engine = await onnxEngine({ threads: 1 });
    const shape = tinyShape({ blocks: 1, classes: 4 });
    const hyperparams = { ...tinyHyperparams, learningRate: 0.1 };
    const training = { batchSize: 16, examplesPerCycle: 64, validationExamples: 64, clipNorm: 1 };
    const clones = ["embedding", "cls", "posembed_input", "encoderblock_0", "encoder_norm"];
    const gains: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const store = mapStore();
      const root = await tinyRoot(store, shape, seed);
      const train = async (parent: readonly Layer[], task: Task, cycles: number) => {
        const plan: Plan = { ...tinyPlan(parent, { child: 1, shape, clones, hyperparams }), task: task.name };
        const given = { engine, store, training: { ...training, cycles } };
        return trainHere([plan], task, rngFromSeed(seed), given);
      };
      const first = await train(root, quarters("first", [0, 1, 2, 3], seed, 256), 16);
      const trained = await Promise.all(
        first.at(-1)!.kept!.map(async ({ name, bytes, paramCount, history }): Promise<Layer> => {
          return { name, id: await store.put(bytes), paramCount, history };
        }),
      );
      const second = quarters("second", [2, 0, 3, 1], seed, 64);
      const best = async (parent: readonly Layer[]) =>
        Math.max(...(await train(parent, second, 3)).map(({ accuracy }) => accuracy));
      gains.push((await best(trained)) - (await best(root)));
    }
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
    expect(mean, gains.join()).toBeGreaterThan(0.05);
  });
});

describe("size is traded for quality (muNet eq. 2, Fig. 3)", () => {
  /** Quality grows with what is trained, as it does in fact, with some noise. */
  const accuracy = (plan: Plan, _: number, rng: ReturnType<typeof rngFromSeed>): number => {
    const trained = plan.positions.filter(({ source }) => source.how !== "share").length;
    return Math.min(1, 0.4 + 0.04 * trained + 0.05 * plan.shape.blocks + 0.1 * rng.uniform());
  };
  const experiment = (scaleFactor: number, seed: number) => {
    const base = tinyExperiment({ seed, iterations: 2, generations: 4, children: 6 });
    const backbone = { name: "tiny", patch: 16, width: 16, mlp: 32, heads: 2 };
    const rootParams = 21_000; // about those of this root
    const method: Method = { ...munet, scaleFactor, rootParams };
    const tasks = base.tasks.map(({ name }) => ({ name, access: "public" as const }));
    return { ...base, tasks, root: { kind: "random" as const, backbone, blocks: 3 }, method };
  };
  const results = async (scaleFactor: number) => {
    const all = { params: 0, quality: 0 };
    const seeds = [0, 1, 2, 3, 4, 5];
    for (const seed of seeds) {
      const { state } = await evolveTiny(experiment(scaleFactor, seed), accuracy);
      const { params, quality } = meanOf(state);
      all.params += params / seeds.length;
      all.quality += quality / seeds.length;
    }
    return all;
  };

  it("accounted parameters and quality fall with the scale factor", async () => {
    const found = await Promise.all([1, 0.7, 0.3, 0.02].map(results));
    const falling = (values: readonly number[]) =>
      values.every((value, i) => i === 0 || value < values[i - 1]!);
    expect(falling(found.map(({ params }) => params)), JSON.stringify(found)).toBe(true);
    expect(found[0]!.quality).toBeGreaterThan(found.at(-1)!.quality);
  });
});

function meanOf(state: State): { params: number; quality: number } {
  const models = retainedModels(state).filter(({ task }) => task !== null);
  const mean = (value: (model: Model) => number) =>
    models.reduce((sum, model) => sum + value(model), 0) / models.length;
  return {
    params: mean(({ path, task }) => accountedParams(path, layerUsers(state, task))),
    quality: mean((model) => model.accuracy!),
  };
}
