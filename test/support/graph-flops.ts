// Floating-point operations counted from the very graph that trains a child alone: what core/flops, a closed form, is held
// against. A multiplication and an addition are two, and only matrix products count.

import type { Plan } from "../../src/core/model.js";
import { trainingGraph } from "../../src/graph/generation.js";
import { type Graph, type Node, sizeOf, topologicalOrder } from "../../src/graph/node.js";

/** FLOPs of one run of `graph`; a count. */
export const graphFlops = (graph: Graph): number =>
  topologicalOrder(Object.values(graph.outputs)).reduce((sum, node) => sum + nodeFlops(node), 0);

function nodeFlops(node: Node): number {
  if (node.op !== "gemm" && node.op !== "batchMatmul") return 0;
  const [first] = node.inputs as [Node];
  const { transA } = node.attributes;
  if (node.op === "gemm") return 2 * sizeOf(node) * first.dims[transA ? 0 : 1]!;
  const { rowsFirstA } = node.attributes;
  const [, rows, columns] = rowsFirstA ? [0, first.dims[0]!, first.dims[2]!] : first.dims;
  return 2 * sizeOf(node) * (transA ? rows! : columns!);
}

/** FLOPs of one gradient step of `plan` on `batch` images, trained alone: forward, backward to its lowest trained layer, no more. */
export function trainingFlops(
  { shape, positions }: Pick<Plan, "shape" | "positions">,
  batch: number,
): number {
  const child = {
    key: "child",
    shape,
    stream: "images",
    positions: positions.map(({ name, source }) => ({
      name,
      layer: source.how === "share" ? source.layer.id : null,
    })),
    sgd: { momentum: 0, nesterov: false, clipNorm: 1, momentumPrecision: "float32" },
  } as const;
  return graphFlops(trainingGraph([child], { batch, classes: shape.classes }));
}
