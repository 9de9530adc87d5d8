// A backbone, a task and plans so small that a generation trains in a fraction of a second, for the tests of trainers.

import { createHash } from "node:crypto";
import { type Backbone, componentNames, componentParamCount, type Shape } from "../../src/core/components.js";
import type { Hyperparams } from "../../src/core/hyperparams.js";
import { encodeLayer } from "../../src/core/layer-codec.js";
import { munet } from "../../src/core/methods.js";
import type { Layer, LayerId, Plan, Position } from "../../src/core/model.js";
import { rngFromSeed } from "../../src/core/rng.js";
import type { LayerStore } from "../../src/core/seams.js";
import type { Images, Task } from "../../src/core/task.js";
import type { Training } from "../../src/core/training.js";
import { initRoot } from "../../src/graph/init.js";

export const TINY: Backbone = { name: "tiny", patch: 16, width: 32, mlp: 48, heads: 2 };

export const tinyShape = (override: Partial<Shape> = {}): Shape => ({
  backbone: TINY,
  imageSize: 32,
  blocks: 2,
  adapters: [],
  adapterDim: 8,
  classes: 3,
  ...override,
});

export const tinyTraining: Training = {
  batchSize: 16,
  cycles: 2,
  examplesPerCycle: 48,
  validationExamples: 64,
  clipNorm: 1,
};

export const tinyHyperparams: Hyperparams = {
  ...munet.defaults,
  learningRate: 0.1,
  crop: false,
  areaMin: 1,
  flip: false,
  imageSize: 32,
  blocks: 2,
};

/** Layers in a Map, named by their content. */
export function mapStore(): LayerStore & { readonly layers: Map<LayerId, Uint8Array> } {
  const layers = new Map<LayerId, Uint8Array>();
  return {
    layers,
    has: async (id) => layers.has(id),
    get: async (id) => {
      const bytes = layers.get(id);
      if (!bytes) throw new Error(`no layer ${id}`);
      return bytes;
    },
    put: async (bytes) => {
      const id = createHash("sha256").update(bytes).digest("hex") as LayerId;
      layers.set(id, bytes.slice());
      return id;
    },
  };
}

/** Images of three classes, one brightness each plus noise: easy to tell apart, odd numbers of each split. */
export function tinyTask({
  classes = 3,
  seed = 1,
  counts = { train: 50, validation: 30, test: 37 },
} = {}): Task {
  const rng = rngFromSeed(seed);
  const images = (count: number): Images => {
    const [height, width, channels] = [20, 20, 1];
    const pixels = new Uint8Array(new SharedArrayBuffer(count * height * width * channels));
    const labels = new Int32Array(new SharedArrayBuffer(4 * count));
    for (let i = 0; i < count; i++) {
      const label = rng.int(classes);
      labels[i] = label;
      for (let p = 0; p < height * width; p++)
        pixels[i * height * width + p] = (255 * (label + rng.uniform())) / classes;
    }
    return { pixels, labels, count, height, width, channels };
  };
  return {
    name: "tiny",
    access: "public",
    classes,
    splits: { train: images(counts.train), validation: images(counts.validation), test: images(counts.test) },
    fingerprint: `tiny-${seed}`,
    source: "test",
  };
}

/** A random root in `store`. */
export async function tinyRoot(store: Pick<LayerStore, "put">, shape: Shape, seed = 7): Promise<Layer[]> {
  const layers = initRoot(shape, rngFromSeed(seed));
  return Promise.all(
    layers.map(async ({ name, tensors }) => ({
      name,
      id: await store.put(encodeLayer({ name, tensors, momentum: null, history: [] })),
      paramCount: componentParamCount(name, shape),
      history: [],
    })),
  );
}

/** A child of `root` that clones the components that `clones` names, and makes anew what the root hasn't; its head is new, all else is shared. */
export function tinyPlan(
  root: readonly Layer[],
  { child, clones = [], shape = tinyShape(), hyperparams = tinyHyperparams, ...override }: TinyPlan,
): Plan {
  const positions = componentNames(shape).map((name): Position => {
    const layer = root.find((candidate) => candidate.name === name);
    if (!layer || name === "head") return { name, source: { how: "init" } };
    return { name, source: { how: clones.includes(name) ? "clone" : "share", layer } };
  });
  return {
    child,
    parent: 0,
    task: "tiny",
    shape,
    positions,
    hyperparams: { ...hyperparams, imageSize: shape.imageSize, blocks: shape.blocks },
    mutations: [],
    reference: null,
    sizeFactor: 1,
    ...override,
  };
}

export type TinyPlan = Partial<Plan> & { child: number; clones?: readonly string[] };
