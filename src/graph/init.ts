// Initial values of new layers (method.md §a.3): the published choices of flax, drawn from our own streams. Each tensor has
// its own stream, named by component and tensor, so its values don't depend on other draws.

import {
  type ComponentName,
  componentKind,
  componentNames,
  componentTensors,
  type Shape,
} from "../core/components.js";
import { type Rng, rngFromSeed } from "../core/rng.js";

/** A dense array in row-major order. */
export interface TensorValue {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The tensors of a layer by their name in the checkpoint. */
export type LayerTensors = Readonly<Record<string, TensorValue>>;

const size = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);

/** The stream for new layers of child `child`; the same for all children if the method fixes the seed (published µ2Net code). */
export const initStream = (generation: Rng, child: number, initSeed: "per-child" | "fixed"): Rng =>
  initSeed === "fixed" ? rngFromSeed(0).child("init") : generation.child(`init/${child}`);

/** The initial values of a new head. §0-9. */
export type HeadInit = "zero" | "random";

/** Whether a new layer of this component is drawn; others always start with the same values. */
export const beginsAtRandom = (name: ComponentName, headInit: HeadInit = "zero"): boolean =>
  name === "head" ? headInit === "random" : !["cls", "encoder_norm"].includes(name);

/** Fresh tensors of component `name`; a new adapter is the identity, and a new head zero unless `headInit` says otherwise. */
export function initLayer(
  name: ComponentName,
  shape: Shape,
  rng: Rng,
  headInit: HeadInit = "zero",
): LayerTensors {
  const kind = componentKind(name);
  return Object.fromEntries(
    Object.entries(componentTensors(name, shape)).map(([tensor, dims]) => {
      const data = new Float32Array(size(dims));
      const stays = name === "head" && headInit === "zero";
      if (!stays) fill(data, kind, tensor, dims, rng.child(`${name}/${tensor}`));
      return [tensor, { dims, data }];
    }),
  );
}

/** All layers of a root with random weights, image to head. */
export const initRoot = (shape: Shape, rng: Rng): { name: ComponentName; tensors: LayerTensors }[] =>
  componentNames(shape).map((name) => ({ name, tensors: initLayer(name, shape, rng) }));

function fill(
  data: Float32Array,
  kind: ReturnType<typeof componentKind>,
  tensor: string,
  dims: readonly number[],
  rng: Rng,
): void {
  if (tensor.endsWith("scale")) data.fill(1);
  else if (kind === "embedding" && tensor === "kernel")
    lecunNormal(data, dims[0]! * dims[1]! * dims[2]!, rng);
  else if (kind === "residual_adapter" && tensor === "Dense_0/kernel") lecunNormal(data, dims[0]!, rng);
  else if (kind === "head" && tensor === "kernel") lecunNormal(data, dims[0]!, rng);
  else if (kind === "posembed_input") normal(data, 0.02, rng);
  else if (kind === "encoderblock" && tensor.startsWith("MlpBlock_0") && tensor.endsWith("bias"))
    normal(data, 1e-6, rng);
  else if (kind === "encoderblock" && tensor.endsWith("kernel")) xavierUniform(data, fans(tensor, dims), rng);
  // What is left starts at zero: the class token, other biases and an adapter's second dense layer.
}

/** Inputs plus outputs of a block's dense layer, its heads flattened. */
const fans = (tensor: string, dims: readonly number[]): number =>
  tensor.includes("/out/") ? dims[0]! * dims[1]! + dims[2]! : dims[0]! + size(dims.slice(1));

function normal(data: Float32Array, sigma: number, rng: Rng): void {
  for (let i = 0; i < data.length; i++) data[i] = sigma * rng.normal();
}

function xavierUniform(data: Float32Array, fanSum: number, rng: Rng): void {
  const limit = Math.sqrt(6 / fanSum);
  for (let i = 0; i < data.length; i++) data[i] = limit * (2 * rng.uniform() - 1);
}

/** Standard deviation of a standard normal truncated at ±2, by which flax divides. */
const TRUNCATED_DEVIATION = 0.87962566103423978;

function lecunNormal(data: Float32Array, fanIn: number, rng: Rng): void {
  const sigma = Math.sqrt(1 / fanIn) / TRUNCATED_DEVIATION;
  for (let i = 0; i < data.length; i++) {
    let draw = rng.normal();
    while (Math.abs(draw) > 2) draw = rng.normal();
    data[i] = sigma * draw;
  }
}
