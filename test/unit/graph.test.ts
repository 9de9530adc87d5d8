// The graph: nodes made once, shapes checked when a node is made, gradients only where something is trained.

import { describe, expect, it } from "vitest";
import { componentNames, modelParamCount, type Shape } from "../../src/core/components.js";
import type { LayerId } from "../../src/core/model.js";
import { GraphBuilder } from "../../src/graph/builder.js";
import { type GraphChild, names, thetaLayout, trainingGraph } from "../../src/graph/generation.js";
import { peakBytes } from "../../src/graph/memory.js";
import { type Graph, type Node, topologicalOrder } from "../../src/graph/node.js";
import { gradients } from "../../src/graph/vjp.js";
import { tinyShape } from "../support/tiny-generation.js";

const nodesOf = (graph: Graph): Node[] => topologicalOrder(Object.values(graph.outputs));
const inputsOf = (graph: Graph): string[] =>
  nodesOf(graph).flatMap((node) => (node.op === "input" ? [node.attributes.name] : []));

describe("a graph builder", () => {
  it("gives the same node for the same operation on the same inputs", () => {
    const g = new GraphBuilder();
    const [a, b] = [g.input("a", [2, 3]), g.input("b", [3])];
    expect(g.add(a, b)).toBe(g.add(a, b));
    expect(g.add(a, b)).not.toBe(g.sub(a, b));
    expect(g.sum(a, [0])).not.toBe(g.sum(a, [1]));
    expect(g.constant([0, 0], [2])).not.toBe(g.constant([0, 0], [1, 2]));
    expect(g.input("a", [2, 3])).toBe(a);
  });

  it("makes no node for what moves no data", () => {
    const g = new GraphBuilder();
    const a = g.input("a", [2, 1, 6]);
    expect(g.reshape(g.reshape(a, [12]), [2, 1, 6])).toBe(a);
    expect(g.transpose(g.transpose(g.input("b", [2, 3, 4]), [2, 0, 1]), [1, 2, 0])).toBe(
      g.input("b", [2, 3, 4]),
    );
    expect(g.transpose(a, [1, 0, 2]).op).toBe("reshape");
    expect(g.slice(a, 2, 0, 6)).toBe(a);
    expect(g.broadcast(a, [2, 1, 6])).toBe(a);
  });

  it("takes a swapped operand of a batched product as it was before", () => {
    const g = new GraphBuilder();
    const a = g.input("a", [5, 2, 4]);
    const product = g.batchMatmul(g.transpose(a, [1, 0, 2]), g.input("b", [2, 4, 3]));
    expect(product).toMatchObject({
      inputs: [a, { op: "input" }],
      attributes: { rowsFirstA: true },
      dims: [2, 5, 3],
    });
  });

  const wrong: [string, (g: GraphBuilder) => unknown, string][] = [
    [
      "add",
      (g) => g.add(g.input("a", [2, 3]), g.input("b", [2])),
      "add: the shapes do not broadcast (inputs [2, 3], [2]).",
    ],
    [
      "gemm",
      (g) => g.gemm(g.input("a", [2, 3]), g.input("b", [2, 3])),
      "gemm: the inner lengths 3 and 2 differ (inputs [2, 3], [2, 3]).",
    ],
    [
      "gemm summand",
      (g) => g.gemm(g.input("a", [2, 3]), g.input("b", [3, 4]), g.input("c", [3])),
      "gemm: the summand does not fit [2, 4] (inputs [2, 3], [3, 4], [3]).",
    ],
    [
      "batchMatmul",
      (g) => g.batchMatmul(g.input("a", [2, 3, 4]), g.input("b", [3, 4, 5])),
      "batchMatmul: the batches 2 and 3 differ (inputs [2, 3, 4], [3, 4, 5]).",
    ],
    [
      "reshape",
      (g) => g.reshape(g.input("a", [2, 3]), [5]),
      "reshape: [5] has another number of elements (inputs [2, 3]).",
    ],
    [
      "slice",
      (g) => g.slice(g.input("a", [2, 3]), 1, 1, 4),
      "slice: there is no range 1…4 on axis 1 (inputs [2, 3]).",
    ],
    [
      "transpose",
      (g) => g.transpose(g.input("a", [2, 3]), [0, 0]),
      "transpose: [0, 0] is not a permutation of its axes (inputs [2, 3]).",
    ],
    [
      "concat",
      (g) => g.concat([g.input("a", [2, 3]), g.input("b", [3, 3])], 1),
      "concat: the shapes differ on other axes than 1 (inputs [2, 3], [3, 3]).",
    ],
    [
      "broadcast",
      (g) => g.broadcast(g.input("a", [2]), [3]),
      "broadcast: does not broadcast to [3] (inputs [2]).",
    ],
    ["input", (g) => [g.input("a", [2]), g.input("a", [3])], "input: a is [2] and [3]."],
    [
      "a gradient of argmax",
      (g) => gradients(g, g.reshape(g.argmax(g.input("a", [1, 3])), [1]), [g.input("a", [1, 3])]),
      "argmax: it has no gradient.",
    ],
  ];
  it.each(wrong)("says what is wrong with %s", (_, make, message) => {
    expect(() => make(new GraphBuilder())).toThrow(message);
  });
});

const child = (key: string, shape: Shape, trained: readonly string[]): GraphChild => ({
  key,
  shape,
  stream: "s",
  positions: componentNames(shape).map((name) => ({
    name,
    layer: trained.includes(name) ? null : (`id-${name}` as LayerId),
  })),
  sgd: { momentum: 0.9, nesterov: false, clipNorm: 1, momentumPrecision: "bfloat16" },
});
const shape = tinyShape({ blocks: 3 });
const batch = { batch: 4, classes: shape.classes };
const step = (...children: GraphChild[]): Graph => trainingGraph(children, batch);
const top = ["encoder_norm", "head"];

describe("a training graph", () => {
  it("has θ for exactly the trained parameters, in the order of the checkpoint", () => {
    const all = child("a", shape, componentNames(shape));
    const places = thetaLayout(all);
    expect(places.at(-1)!.end).toBe(modelParamCount(shape));
    expect(places.every(({ start }, i) => start === (places[i - 1]?.end ?? 0))).toBe(true);
    expect(new Set(thetaLayout(child("b", shape, top)).map(({ component }) => component))).toEqual(
      new Set(top),
    );
  });

  it("has no gradient below the lowest trained layer", () => {
    const gelusGrad = (graph: Graph): number => nodesOf(graph).filter(({ op }) => op === "geluGrad").length;
    expect(gelusGrad(step(child("a", shape, top)))).toBe(0);
    expect(gelusGrad(step(child("a", shape, [...top, "encoderblock_2"])))).toBe(1);
    expect(gelusGrad(step(child("a", shape, [...top, "encoderblock_0"])))).toBe(3);
  });

  it("has no weight gradient for a frozen layer between trained ones", () => {
    const weightGradients = (graph: Graph): number =>
      nodesOf(graph).filter((node) => node.op === "gemm" && node.attributes.transA).length;
    const withMiddleFrozen = weightGradients(step(child("a", shape, [...top, "encoderblock_0"])));
    const withAll = weightGradients(step(child("a", shape, [...top, "encoderblock_0", "encoderblock_1"])));
    const alone = weightGradients(step(child("a", shape, top)));
    expect(withMiddleFrozen).toBeGreaterThan(alone);
    expect(withAll - withMiddleFrozen).toBe(withMiddleFrozen - alone);
  });

  it("computes what siblings share once: a second child that trains only the top adds only the top", () => {
    const one = nodesOf(step(child("a", shape, top))).length;
    const two = nodesOf(step(child("a", shape, top), child("b", shape, top))).length;
    const none = nodesOf(step(child("a", shape, componentNames(shape)))).length;
    expect(two - one).toBeLessThan(0.5 * one);
    expect(none).toBeGreaterThan(2 * one);
  });

  it("asks for each frozen layer once, by its id, and for no tensor that it doesn't use", () => {
    const inputs = inputsOf(step(child("a", shape, top), child("b", shape, [...top, "cls"])));
    expect(new Set(inputs).size).toBe(inputs.length);
    expect(inputs).toContain(names.layer("id-encoderblock_0" as LayerId, "LayerNorm_0/scale"));
    expect(inputs.filter((name) => name.startsWith("images/"))).toEqual(["images/s"]);
    const shallow = inputsOf(step(child("a", tinyShape({ blocks: 0 }), top)));
    expect(shallow.filter((name) => name.startsWith("images/"))).toEqual([]);
  });

  it("needs hardly more memory for eight children than for one, besides their parameters", () => {
    const all = componentNames(shape);
    const large = { batch: 256, classes: shape.classes };
    const one = peakBytes(trainingGraph([child("0", shape, all)], large));
    const eight = peakBytes(
      trainingGraph(
        Array.from({ length: 8 }, (_, i) => child(String(i), shape, all)),
        large,
      ),
    );
    expect(eight - one).toBeLessThan(7 * 6 * 4 * modelParamCount(shape));
  });
});
