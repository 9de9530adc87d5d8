// A planned child between its layers and the flat vectors of the training graph: θ is filled from the store's layers or
// with initial values, and a kept version becomes layers again.

import { componentNames, componentParamCount, componentTensors } from "../core/components.js";
import { layerMismatch, valueNotValid } from "../core/errors/index.js";
import { encodeLayer, type LayerContent } from "../core/layer-codec.js";
import type { LayerId, Plan, TaskName } from "../core/model.js";
import type { Rng } from "../core/rng.js";
import type { TrainedLayer } from "../core/seams.js";
import type { GraphModel, Place } from "../graph/generation.js";
import { initLayer, initStream, type LayerTensors } from "../graph/init.js";
import type { Tensors } from "./engine.js";
import { withSteps } from "./keep.js";
import type { TrainingMethod } from "./wire.js";

/** The layers of the store that a job needs, decoded. */
export type Layers = ReadonlyMap<LayerId, LayerContent>;

/** Trainable parameters and their momentum. */
export interface Vectors {
  readonly theta: Float32Array;
  readonly velocity: Float32Array;
}

/** The model of a plan as the graphs see it. Throws options/not-valid where its positions aren't those of its shape. */
export function graphModel(plan: Pick<Plan, "child" | "shape" | "positions">, stream: string): GraphModel {
  const { shape, positions, child } = plan;
  const found = positions.map(({ name }) => name).join(", ");
  const expected = componentNames(shape).join(", ");
  if (found !== expected) throw valueNotValid(`the path of child ${child}`, found, expected);
  return {
    key: String(child),
    shape,
    stream,
    positions: positions.map(({ name, source }) => ({
      name,
      layer: source.how === "share" ? source.layer.id : null,
    })),
  };
}

/** θ and momentum of a child before its first step. */
export function initialVectors(
  plan: Plan,
  places: readonly Place[],
  layers: Layers,
  rng: Rng,
  method: TrainingMethod,
): Vectors {
  const length = places.at(-1)?.end ?? 0;
  const vectors = { theta: new Float32Array(length), velocity: new Float32Array(length) };
  const stream = initStream(rng, plan.child, method.initSeed);
  for (const { name, source } of plan.positions) {
    if (source.how === "share") continue;
    const parent = source.how === "clone" ? checkedLayer(layers, source.layer.id, name, plan) : null;
    const tensors: LayerTensors = parent?.tensors ?? initLayer(name, plan.shape, stream, method.headInit);
    for (const { component, tensor, start } of places)
      if (component === name) {
        vectors.theta.set(tensors[tensor]!.data, start);
        const momentum = method.keepMomentum ? parent?.momentum?.[tensor] : undefined;
        if (momentum) vectors.velocity.set(momentum, start);
      }
  }
  return vectors;
}

/** The tensors of frozen layers under the names that graphs know them by. */
export function frozenTensors(
  models: readonly GraphModel[],
  layers: Layers,
  inputName: (id: LayerId, tensor: string) => string,
): Tensors {
  const tensors: Record<string, Float32Array> = {};
  for (const { positions, shape } of models)
    for (const { name, layer } of positions)
      if (layer !== null)
        for (const [tensor, { data }] of Object.entries(checkedLayer(layers, layer, name, { shape }).tensors))
          tensors[inputName(layer, tensor)] = data;
  return tensors;
}

/** A layer whose tensors are those of its place. Throws store/layer-mismatch. */
function checkedLayer(
  layers: Layers,
  id: LayerId,
  name: GraphModel["positions"][number]["name"],
  { shape }: Pick<Plan, "shape">,
): LayerContent {
  const layer = layers.get(id)!;
  const show = (tensors: Readonly<Record<string, readonly number[]>>): string =>
    Object.entries(tensors)
      .map(([tensor, dims]) => `${tensor} [${dims.join(", ")}]`)
      .sort()
      .join("; ");
  const found = show(Object.fromEntries(Object.entries(layer.tensors).map(([t, { dims }]) => [t, dims])));
  const expected = show(componentTensors(name, shape));
  if (found !== expected) throw layerMismatch(`${id.slice(0, 8)} (${name})`, found, expected);
  return layer;
}

/** The layers of a kept version: only what was trained. `steps`: gradient steps up to that version. */
export function trainedLayers(
  plan: Plan,
  places: readonly Place[],
  { theta, velocity }: Vectors,
  task: TaskName,
  steps: number,
  keepMomentum: boolean,
): TrainedLayer[] {
  return plan.positions.flatMap(({ name, source }): TrainedLayer[] => {
    if (source.how === "share") return [];
    const own = places.filter(({ component }) => component === name);
    const cut = (from: Float32Array) =>
      own.map(({ tensor, start, end }) => [tensor, from.subarray(start, end)] as const);
    const dims = new Map(own.map((place) => [place.tensor, place.dims]));
    const tensors = Object.fromEntries(
      cut(theta).map(([tensor, data]) => [tensor, { dims: dims.get(tensor)!, data }]),
    );
    const momentum = keepMomentum ? Object.fromEntries(cut(velocity)) : null;
    const history = withSteps(source.how === "clone" ? source.layer.history : [], task, steps);
    const bytes = encodeLayer({ name, tensors, momentum, history });
    return [{ name, bytes, paramCount: componentParamCount(name, plan.shape), history }];
  });
}
