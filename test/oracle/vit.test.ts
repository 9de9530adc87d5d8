// Loss and all gradients of the ViT against PyTorch (a fixture; make_fixture.py) and against tf.grads of another forward pass.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { componentNames, type Shape } from "../../src/core/components.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { initRoot } from "../../src/graph/init.js";
import { elementCount, type Graph } from "../../src/graph/node.js";
import { interpret } from "../support/graph-interpreter.js";
import {
  fixtureBatch,
  fixtureShape,
  modelGraph,
  readFixture,
  relativeError,
  tensorNames,
} from "./fixture.js";
import { tfLoss } from "./tf-forward.js";
import { registerTfGradients } from "./tf-gradients.js";

const fixture = readFixture();
const graph = modelGraph(fixtureShape, fixtureBatch);
const feeds = Object.fromEntries([...fixture].filter(([name]) => /^(images|labels|value)/.test(name)));

async function onnx(
  of: Graph,
  given: Record<string, Float32Array>,
): Promise<Readonly<Record<string, Float32Array>>> {
  const program = await (await onnxEngine({ threads: 1 })).compile(of);
  const results = await program.run(given);
  await program.dispose();
  return results;
}

describe("against PyTorch", () => {
  it("has the fixture's tensors", () => {
    const expected = ["images", "labels", "logits", "loss"];
    for (const [name] of tensorNames(fixtureShape)) expected.push(`value/${name}`, `gradient/${name}`);
    expect([...fixture.keys()].sort()).toEqual(expected.sort());
  });

  it("interpreted in 64 bits, gives PyTorch's logits, loss and every gradient", () => {
    const found = interpret(graph, feeds);
    for (const [name, values] of Object.entries(found))
      expect(relativeError(values, fixture.get(name)!), name).toBeLessThan(1e-5);
  });

  it("on ONNX Runtime, gives them too", async () => {
    const found = await onnx(graph, feeds);
    for (const [name, values] of Object.entries(found))
      expect(relativeError(values, fixture.get(name)!), name).toBeLessThan(1e-5);
  });
});

const shapes: [string, Partial<Shape>][] = [
  ["two blocks, an adapter", {}],
  ["no blocks", { blocks: 0, adapters: [] }],
  ["one block, adapters first", { blocks: 1, adapters: [0] }],
  ["three blocks, larger images", { blocks: 3, adapters: [0, 2], imageSize: 48 }],
];

describe("against tf.grads of another forward pass", () => {
  beforeAll(async () => {
    await registerTfGradients();
    await tf.setBackend("cpu");
  });

  it.each(shapes)("%s", async (_, override) => {
    const shape: Shape = { ...fixtureShape, ...override };
    const rng = rngFromSeed(9);
    const list = tensorNames(shape);
    const values = list.map(([name, dims]) => {
      const mean = name.endsWith("scale") ? 1 : 0;
      return Float32Array.from({ length: elementCount(dims) }, () => mean + 0.2 * rng.normal());
    });
    const images = Float32Array.from({ length: 2 * shape.imageSize ** 2 * 3 }, () => 2 * rng.uniform() - 1);
    const labels = Float32Array.of(4, 2);
    const given = Object.fromEntries(list.map(([name], i) => [`value/${name}`, values[i]!]));
    const found = await onnx(modelGraph(shape, 2), { images, labels, ...given });

    const tensors = list.map(([, dims], i) => tf.tensor(values[i]!, [...dims]));
    const pixels = tf.tensor4d(images, [2, shape.imageSize, shape.imageSize, 3]);
    const loss = (...p: tf.Tensor[]) =>
      tfLoss(shape, Object.fromEntries(list.map(([name], i) => [name, p[i]!])), pixels, tf.tensor1d(labels));
    // Without blocks the loss does not depend on the embedding; tf refuses to say that its gradient is zero.
    const unused = (name: string) => shape.blocks === 0 && name.startsWith("embedding/");
    const { value, grads } = tf.valueAndGrads(
      (...p: tf.Tensor[]) =>
        tf.add(
          loss(...p),
          p.reduce((sum, x) => tf.add(sum, tf.mul(0, tf.sum(x))), tf.scalar(0) as tf.Tensor),
        ) as tf.Scalar,
    )(tensors);
    expect(found.loss![0]).toBeCloseTo(value.dataSync()[0]!, 5);
    list.forEach(([name], i) => {
      const expected = grads[i]!.dataSync();
      expect(relativeError(found[`gradient/${name}`]!, expected), name).toBeLessThan(
        unused(name) ? 1e-12 : 2e-4,
      );
    });
  });
});

describe("what a layer is when it is new", () => {
  const fresh = (shape: Shape, seed: number): Record<string, Float32Array> =>
    Object.fromEntries(
      initRoot(shape, rngFromSeed(seed)).flatMap(({ name, tensors }) =>
        Object.entries(tensors).map(([tensor, { data }]) => [`value/${name}/${tensor}`, data]),
      ),
    );

  it("a zero head gives uniform logits: the loss is exactly that of guessing", async () => {
    const found = await onnx(graph, { ...feeds, ...fresh(fixtureShape, 1) });
    expect([...found.logits!]).toEqual(Array(fixtureBatch * fixtureShape.classes).fill(0));
    expect(found.loss![0]).toBeCloseTo(Math.log(fixtureShape.classes), 6);
  });

  it("an inserted adapter changes nothing", async () => {
    const bare: Shape = { ...fixtureShape, adapters: [] };
    expect(componentNames(bare)).toHaveLength(componentNames(fixtureShape).length - 1);
    const adapter = Object.entries(fresh(fixtureShape, 2)).filter(([name]) => name.includes("adapter"));
    const without = await onnx(modelGraph(bare, fixtureBatch), feeds);
    const inserted = await onnx(graph, { ...feeds, ...Object.fromEntries(adapter) });
    expect(inserted.logits).toEqual(without.logits);
  });
});
