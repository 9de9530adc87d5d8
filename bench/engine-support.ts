// Shared by the engine's benchmarks: children of a random root as graphs with their values, medians, the machine in words.

import { availableParallelism, cpus, totalmem } from "node:os";
import { BACKBONES, componentNames, componentParamCount, type Shape } from "../src/core/components.js";
import type { Hyperparams } from "../src/core/hyperparams.js";
import { encodeLayer } from "../src/core/layer-codec.js";
import type { Layer, LayerId, Plan } from "../src/core/model.js";
import { type Rng, rngFromSeed } from "../src/core/rng.js";
import type { LayerStore } from "../src/core/seams.js";
import type { Images, Task } from "../src/core/task.js";
import type { Engine, Program, Tensors } from "../src/engine/engine.js";
import { type GraphChild, names, thetaLayout, trainingGraph } from "../src/graph/generation.js";
import { initRoot } from "../src/graph/init.js";

export interface BenchResult {
  readonly name: string;
  /** Our speed over the baseline's: above 1, ours is faster. */
  readonly ratio: number;
  readonly target: number;
  /** Measured numbers with their units, for people. */
  readonly detail: string;
}

export const shapeOf = (imageSize: number, blocks: number): Shape => ({
  backbone: BACKBONES["Ti/16"],
  imageSize,
  blocks,
  adapters: [],
  adapterDim: 32,
  classes: 10,
});

/** A child of a random root; `trained` says which layers it trains. */
export function benchChild(key: string, shape: Shape, trained: Trained): GraphChild {
  return {
    key,
    shape,
    stream: "all",
    positions: componentNames(shape).map((name) => ({
      name,
      layer: trained(name) ? null : (name as string as LayerId),
    })),
    sgd: { momentum: 0.9, nesterov: false, clipNorm: 1, momentumPrecision: "bfloat16" },
  };
}

/** Which layers of a child are trained. */
export type Trained = (component: string) => boolean;

/** Random weights for every layer of `shape`, in `store`. */
export const randomRoot = (shape: Shape, store: Pick<LayerStore, "put">): Promise<Layer[]> =>
  Promise.all(
    initRoot(shape, rngFromSeed(1)).map(async ({ name, tensors }) => ({
      name,
      id: await store.put(encodeLayer({ name, tensors, momentum: null, history: [] })),
      paramCount: componentParamCount(name, shape),
      history: [],
    })),
  );

/** Children of `root` as plans; layers that are not trained are shared. */
export const benchPlans = (
  root: readonly Layer[],
  shape: Shape,
  hyperparams: Hyperparams,
  children: readonly Trained[],
): Plan[] =>
  children.map((trained, i) => ({
    child: i + 1,
    parent: 0,
    task: "random",
    shape,
    hyperparams,
    mutations: [],
    reference: null,
    sizeFactor: 1,
    positions: root.map((layer) => ({
      name: layer.name,
      source: { how: trained(layer.name) ? ("clone" as const) : ("share" as const), layer },
    })),
  }));

/** Random images; their content doesn't affect the cost. */
export function randomTask(of: { train: number; validation: number; size: number; classes: number }): Task {
  const rng = rngFromSeed(2);
  const { size, classes } = of;
  const images = (count: number): Images => {
    const pixels = new Uint8Array(new SharedArrayBuffer(count * size * size * 3));
    const labels = new Int32Array(new SharedArrayBuffer(4 * count));
    for (let i = 0; i < pixels.length; i++) pixels[i] = rng.int(256);
    for (let i = 0; i < count; i++) labels[i] = rng.int(classes);
    return { pixels, labels, count, height: size, width: size, channels: 3 };
  };
  const splits = { train: images(of.train), validation: images(of.validation), test: images(1) };
  return { name: "random", access: "public", classes, splits, fingerprint: "", source: "bench" };
}

/** A compiled step of `children`, and its inputs. */
export async function benchStep(
  engine: Engine,
  children: readonly GraphChild[],
  batch: number,
): Promise<{ program: Program; feeds: Tensors }> {
  const { shape } = children[0]!;
  const root = new Map(initRoot(shape, rngFromSeed(1)).map(({ name, tensors }) => [name, tensors]));
  const constants: Record<string, Float32Array> = {};
  const state: Record<string, Float32Array> = {};
  for (const child of children) {
    for (const { name, layer } of child.positions)
      if (layer)
        for (const [tensor, { data }] of Object.entries(root.get(name)!))
          constants[names.layer(layer, tensor)] = data;
    const places = thetaLayout(child);
    const theta = new Float32Array(places.at(-1)!.end);
    for (const { component, tensor, start } of places) theta.set(root.get(component)![tensor]!.data, start);
    state[names.theta(child.key)] = theta;
    state[names.velocity(child.key)] = new Float32Array(theta.length);
  }
  const graph = trainingGraph(children, { batch, classes: shape.classes });
  const program = await engine.compile(graph, { constants, state });
  const rng = rngFromSeed(2);
  return { program, feeds: benchFeeds(rng, shape, batch, children.length) };
}

const benchFeeds = (rng: Rng, { imageSize, classes }: Shape, batch: number, children: number): Tensors => ({
  [names.images("all")]: Float32Array.from(
    { length: batch * imageSize ** 2 * 3 },
    () => 2 * rng.uniform() - 1,
  ),
  [names.labels]: Float32Array.from({ length: batch }, () => rng.int(classes)),
  [names.rates]: new Float32Array(children).fill(0.01),
});

export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown processor";
  return `${model}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform} ${process.arch}`;
}

export function printResults(results: readonly BenchResult[]): void {
  console.log(machine());
  for (const { name, ratio, target, detail } of results)
    console.log(
      `${ratio >= target ? "  " : "! "}${name}: ${ratio.toFixed(2)}x (target ${target}x)  ${detail}`,
    );
}
