// The PyTorch fixture, and a graph of the same model with every tensor as an input.

import { readFileSync } from "node:fs";
import { componentNames, componentTensors, type Shape } from "../../src/core/components.js";
import { graphInvalid } from "../../src/core/errors/index.js";
import { readSafetensors, toFloat32 } from "../../src/core/safetensors.js";
import { GraphBuilder } from "../../src/graph/builder.js";
import type { Graph, Node } from "../../src/graph/node.js";
import { crossEntropy, vitLogits } from "../../src/graph/vit.js";
import { gradients } from "../../src/graph/vjp.js";

export const fixtureShape: Shape = {
  backbone: { name: "fixture", patch: 16, width: 16, mlp: 24, heads: 2 },
  imageSize: 32,
  blocks: 2,
  adapters: [1],
  adapterDim: 4,
  classes: 5,
};
export const fixtureBatch = 3;

export function readFixture(): ReadonlyMap<string, Float32Array> {
  const bytes = new Uint8Array(readFileSync(new URL("./fixtures/vit.safetensors", import.meta.url)));
  const { tensors } = readSafetensors(bytes, (found) => graphInvalid("fixture", found));
  return new Map([...tensors].map(([name, raw]) => [name, toFloat32(raw)]));
}

/** Names of all tensors of a shape, "component/tensor", with their dims. */
export const tensorNames = (shape: Shape): (readonly [string, readonly number[]])[] =>
  componentNames(shape).flatMap((component) =>
    Object.entries(componentTensors(component, shape)).map(
      ([tensor, dims]) => [`${component}/${tensor}`, dims] as const,
    ),
  );

/** Outputs logits, loss and gradient/…; inputs images, labels and value/…. */
export function modelGraph(shape: Shape, batch: number): Graph {
  const g = new GraphBuilder();
  const parameters = new Map(
    tensorNames(shape).map(([name, dims]) => [name, g.input(`value/${name}`, dims)]),
  );
  const images = g.input("images", [batch, shape.imageSize, shape.imageSize, 3]);
  const logits = vitLogits(
    g,
    shape,
    images,
    (component, tensor) => parameters.get(`${component}/${tensor}`)!,
  );
  const loss = crossEntropy(g, logits, g.input("labels", [batch]));
  const found = gradients(g, loss, [...parameters.values()]);
  const named = [...parameters.keys()].map((name, i): [string, Node] => [`gradient/${name}`, found[i]!]);
  return { outputs: { logits, loss, ...Object.fromEntries(named) } };
}

/** Greatest difference relative to the greatest value expected; where that is rounding error itself (a key's bias has no gradient), to 0.01. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  const scale = Math.max(1e-2, ...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (value, i) => Math.abs(found[i]! - value))) / scale;
}
