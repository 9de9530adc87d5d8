// Reverse-mode differentiation: builds the graph of gradients beside the graph of the loss. It visits only nodes that depend
// on trained parameters, so there is no gradient below the lowest trained layer and none for frozen weights.

import { graphInvalid } from "../core/errors/index.js";
import type { GraphBuilder } from "./builder.js";
import { type Dims, type Node, type NodeOf, sizeOf, topologicalOrder } from "./node.js";

/** Gradients of the scalar `loss` with respect to each of `parameters`: zeros if the loss does not depend on one. */
export function gradients(g: GraphBuilder, loss: Node, parameters: readonly Node[]): Node[] {
  if (sizeOf(loss) !== 1) throw graphInvalid("gradients", `the loss has ${sizeOf(loss)} elements, not 1`);
  const order = topologicalOrder([loss]);
  const trained = new Set(parameters);
  const active = new Set<Node>();
  for (const node of order) if (trained.has(node) || node.inputs.some((x) => active.has(x))) active.add(node);

  const gradient = new Map<Node, Node>([[loss, g.constant([1], loss.dims)]]);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const from = gradient.get(node);
    if (!from || !active.has(node) || trained.has(node)) continue;
    // Its own gradient is no longer needed; dropping it lets its memory be freed early.
    gradient.delete(node);
    node.inputs.forEach((input, at) => {
      if (!active.has(input)) return;
      const part = pullBack(g, node, from, at);
      gradient.set(input, accumulate(g, gradient.get(input), part));
    });
  }
  return parameters.map((parameter) => gradient.get(parameter) ?? g.broadcast(g.scalar(0), parameter.dims));
}

/** The sum of two gradients; a matrix product takes the other one as its summand, saving a pass over memory. */
function accumulate(g: GraphBuilder, sum: Node | undefined, part: Node): Node {
  if (!sum) return part;
  if (part.op === "gemm" && part.inputs.length === 2)
    return g.gemm(part.inputs[0]!, part.inputs[1]!, sum, part.attributes);
  return g.add(sum, part);
}

/** Gradient of input number `at` of `node`, given the gradient `from` of its value. */
function pullBack(g: GraphBuilder, node: Node, from: Node, at: number): Node {
  const x = node.inputs[at]!;
  const other = node.inputs[1 - at]!;
  switch (node.op) {
    case "add":
      return unbroadcast(g, from, x.dims);
    case "sub":
      return unbroadcast(g, at === 0 ? from : negate(g, from), x.dims);
    case "mul":
      return unbroadcast(g, g.mul(from, other), x.dims);
    case "div":
      return at === 0
        ? unbroadcast(g, g.div(from, other), x.dims)
        : unbroadcast(g, negate(g, g.div(g.mul(from, node), x)), x.dims);
    case "sqrt":
      return g.div(g.mul(from, g.scalar(0.5)), node);
    case "gelu":
      return g.geluGrad(from, x);
    case "sum":
      return g.broadcast(from, x.dims);
    case "sumSquares":
      return g.mul(x, g.mul(from, g.scalar(2)));
    case "reshape":
      return g.reshape(from, x.dims);
    case "transpose": {
      const { perm } = node.attributes;
      return g.transpose(
        from,
        perm.map((_, i) => perm.indexOf(i)),
      );
    }
    case "broadcast":
      return unbroadcast(g, from, x.dims);
    case "slice": {
      const { axis, start, end } = node.attributes;
      return g.pad(from, axis, start, x.dims[axis]! - end);
    }
    case "pad": {
      const { axis, before } = node.attributes;
      return g.slice(from, axis, before, before + x.dims[axis]!);
    }
    case "concat": {
      const { axis } = node.attributes;
      const start = node.inputs.slice(0, at).reduce((sum, part) => sum + part.dims[axis]!, 0);
      return g.slice(from, axis, start, start + x.dims[axis]!);
    }
    case "gemm":
      return pullBackGemm(g, node, from, at);
    case "batchMatmul":
      return pullBackBatchMatmul(g, node, from, at);
    case "normalize":
      return pullBackNormalize(g, node, from);
    case "softmax": {
      const weighted = g.mul(from, node);
      return g.sub(weighted, g.mul(node, g.sum(weighted, [node.dims.length - 1])));
    }
    case "logSoftmax":
      return g.sub(from, g.mul(g.softmax(x), g.sum(from, [node.dims.length - 1])));
    case "input":
    case "constant":
    case "max":
    case "equal":
    case "roundBfloat16":
    case "geluGrad":
    case "inverseDeviation":
    case "argmax":
      throw graphInvalid(node.op, "it has no gradient");
    default:
      return node satisfies never;
  }
}

const negate = (g: GraphBuilder, x: Node): Node => g.mul(x, g.scalar(-1));

/** Sums over the axes along which a value of shape `dims` was stretched. */
function unbroadcast(g: GraphBuilder, from: Node, dims: Dims): Node {
  const added = from.dims.length - dims.length;
  const axes = from.dims.flatMap((d, i) => (i < added || (d !== 1 && dims[i - added] === 1) ? [i] : []));
  return g.reshape(axes.length > 0 ? g.sum(from, axes) : from, dims);
}

function pullBackGemm(g: GraphBuilder, node: NodeOf<"gemm">, from: Node, at: number): Node {
  const [a, b, c] = node.inputs as [Node, Node, Node | undefined];
  const { transA, transB } = node.attributes;
  if (at === 2) return unbroadcast(g, from, c!.dims);
  if (at === 0)
    return transA
      ? g.gemm(b, from, undefined, { transA: transB, transB: true })
      : g.gemm(from, b, undefined, { transB: !transB });
  return transB
    ? g.gemm(from, a, undefined, { transA: true, transB: transA })
    : g.gemm(a, from, undefined, { transA: !transA });
}

function pullBackBatchMatmul(g: GraphBuilder, node: NodeOf<"batchMatmul">, from: Node, at: number): Node {
  const [a, b] = node.inputs as [Node, Node];
  const { transA, transB, rowsFirstA, rowsFirstB, alpha } = node.attributes;
  // As for gemm, with the operands in their standard order [batch, rows, columns]; a swapped one is swapped back.
  const left = { node: a, rowsFirst: rowsFirstA };
  const right = { node: b, rowsFirst: rowsFirstB };
  const grad = { node: from, rowsFirst: false };
  const product = (p: typeof grad, q: typeof grad, tp: boolean, tq: boolean): Node =>
    g.batchMatmul(p.node, q.node, {
      transA: tp,
      transB: tq,
      rowsFirstA: p.rowsFirst,
      rowsFirstB: q.rowsFirst,
      alpha,
    });
  const swapBack = (x: Node, rowsFirst: boolean): Node => (rowsFirst ? g.transpose(x, [1, 0, 2]) : x);
  if (at === 0)
    return swapBack(
      transA ? product(right, grad, transB, true) : product(grad, right, false, !transB),
      rowsFirstA,
    );
  return swapBack(
    transB ? product(grad, left, true, transA) : product(left, grad, !transA, false),
    rowsFirstB,
  );
}

/** dx = (dz - mean(dz) - z · mean(dz · z)) / deviation, z being the normalised value. */
function pullBackNormalize(g: GraphBuilder, node: NodeOf<"normalize">, from: Node): Node {
  const x = node.inputs[0]!;
  const z = node as Node;
  const last = x.dims.length - 1;
  const centred = g.sub(from, g.mean(from, last));
  const along = g.mul(z, g.mean(g.mul(from, z), last));
  return g.mul(g.sub(centred, along), g.inverseDeviation(x, node.attributes.epsilon));
}
