// The Vision Transformer with residual adapters (method.md §a.1), written once, from a core Shape. Tokens come first and
// examples second, [tokens, batch, width], so that attention heads need no rearranging of memory and the class token of a
// batch is contiguous. The last block computes only what the class token needs: its query, its MLP.

import type { ComponentName, Shape } from "../core/components.js";
import { graphInvalid } from "../core/errors/index.js";
import type { GraphBuilder } from "./builder.js";
import type { Node } from "./node.js";

const EPSILON = 1e-6;

/** The node of a tensor of a component, in the shape of the checkpoint. */
export type Parameters = (component: ComponentName, tensor: string) => Node;
/** The node of a tensor within one component. */
type Tensors = (tensor: string) => Node;

/** images [B, S, S, 3] -> logits [B, classes]. */
export function vitLogits(g: GraphBuilder, shape: Shape, images: Node, parameters: Parameters): Node {
  const tensorsOf =
    (component: ComponentName): Tensors =>
    (tensor) =>
      parameters(component, tensor);
  const batch = images.dims[0]!;
  const { width } = shape.backbone;
  let x = embed(g, shape, images, parameters, shape.blocks === 0);
  for (let i = 0; i < shape.blocks; i++) {
    if (shape.adapters.includes(i)) x = adapter(g, x, tensorsOf(`residual_adapter_${i}`));
    x = block(g, shape, x, batch, tensorsOf(`encoderblock_${i}`), i === shape.blocks - 1);
  }
  const z = g.normalize(x, EPSILON); // [B, D]
  const head = tensorsOf("head");
  const norm = tensorsOf("encoder_norm");
  return denseAfterNorm(
    g,
    z,
    [norm("scale"), norm("bias")],
    reshapeTo(g, head("kernel"), width),
    head("bias"),
  );
}

/** images [B, S, S, 3] -> patches [g² · B, patch² · 3], the grid row by row. */
export function patchify(g: GraphBuilder, images: Node, patch: number): Node {
  const [batch, height, width, channels] = images.dims as readonly [number, number, number, number];
  if (height % patch !== 0 || width % patch !== 0)
    throw graphInvalid("patchify", `images of ${height}×${width} do not divide into patches of ${patch}`);
  const [rows, columns] = [height / patch, width / patch];
  const split = g.reshape(images, [batch, rows, patch, columns, patch * channels]);
  const grid = g.transpose(split, [1, 3, 0, 2, 4]); // [rows, columns, B, patch, patch · 3]
  return g.reshape(grid, [rows * columns * batch, patch * patch * channels]);
}

/** Patch embedding, class token and position embedding -> [tokens · B, D], or [B, D] if only the class token matters. */
function embed(
  g: GraphBuilder,
  shape: Shape,
  images: Node,
  parameters: Parameters,
  onlyClass: boolean,
): Node {
  const { patch, width } = shape.backbone;
  const batch = images.dims[0]!;
  const positions = parameters("posembed_input", "pos_embedding"); // [1, tokens, D]
  const tokens = positions.dims[1]!;
  const cls = g.add(parameters("cls", "cls"), g.slice(positions, 1, 0, 1)); // [1, 1, D]
  const first = g.reshape(g.broadcast(cls, [1, batch, width]), [batch, width]);
  if (onlyClass) return first;
  const kernel = reshapeTo(g, parameters("embedding", "kernel"), patch * patch * 3);
  const embedded = g.gemm(patchify(g, images, patch), kernel, parameters("embedding", "bias"));
  const others = g.reshape(g.slice(positions, 1, 1, tokens), [tokens - 1, 1, width]);
  const rest = g.add(g.reshape(embedded, [tokens - 1, batch, width]), others);
  return g.concat([first, g.reshape(rest, [(tokens - 1) * batch, width])], 0);
}

/** A pre-norm transformer block: [tokens · B, D] -> the same, or [B, D] for the last one. */
function block(g: GraphBuilder, shape: Shape, x: Node, batch: number, tensor: Tensors, last: boolean): Node {
  const { width, mlp, heads } = shape.backbone;
  const tokens = x.dims[0]! / batch;
  const head = width / heads;
  const queries = last ? 1 : tokens;
  const classOnly = (y: Node): Node => (last ? g.slice(y, 0, 0, batch) : y);

  const z = g.normalize(x, EPSILON);
  const norm = [tensor("LayerNorm_0/scale"), tensor("LayerNorm_0/bias")] as const;
  const project = (name: string, from: Node, count: number): Node => {
    const kernel = reshapeTo(g, tensor(`${ATTENTION}/${name}/kernel`), width);
    const bias = g.reshape(tensor(`${ATTENTION}/${name}/bias`), [width]);
    return g.reshape(denseAfterNorm(g, from, norm, kernel, bias), [count, batch * heads, head]);
  };
  const q = project("query", classOnly(z), queries); // [queries, B · heads, head]
  const k = project("key", z, tokens);
  const v = project("value", z, tokens);
  const rows = { rowsFirstA: true, rowsFirstB: true };
  const scores = g.batchMatmul(q, k, { ...rows, transB: true, alpha: 1 / Math.sqrt(head) }); // [B · heads, queries, tokens]
  const mixed = g.batchMatmul(g.softmax(scores), v, { rowsFirstB: true }); // [B · heads, queries, head]
  const attended = g.reshape(g.transpose(mixed, [1, 0, 2]), [queries * batch, width]);
  const out = g.reshape(tensor(`${ATTENTION}/out/kernel`), [width, width]);
  const y = g.add(classOnly(x), g.gemm(attended, out, tensor(`${ATTENTION}/out/bias`)));

  const hidden = denseAfterNorm(
    g,
    g.normalize(y, EPSILON),
    [tensor("LayerNorm_1/scale"), tensor("LayerNorm_1/bias")],
    tensor("MlpBlock_0/Dense_0/kernel"),
    tensor("MlpBlock_0/Dense_0/bias"),
  ); // [queries · B, M]
  const down = g.reshape(tensor("MlpBlock_0/Dense_1/kernel"), [mlp, width]);
  return g.add(y, g.gemm(g.gelu(hidden), down, tensor("MlpBlock_0/Dense_1/bias")));
}

const ATTENTION = "MultiHeadDotProductAttention_0";

/** A residual adapter: the identity when new, as its second kernel is zero. muNet §2.2. */
function adapter(g: GraphBuilder, x: Node, tensor: Tensors): Node {
  const norm = [tensor("LayerNorm_0/scale"), tensor("LayerNorm_0/bias")] as const;
  const z = g.normalize(x, EPSILON);
  const inner = denseAfterNorm(g, z, norm, tensor("Dense_0/kernel"), tensor("Dense_0/bias"));
  return g.add(x, g.gemm(g.gelu(inner), tensor("Dense_1/kernel"), tensor("Dense_1/bias")));
}

/** Dense layer on a layer norm whose scale and bias are folded into the kernel: (z·γ + β)·W + b = z·(γW) + (βW + b). The fold is work on the weights, not on the activations. */
function denseAfterNorm(
  g: GraphBuilder,
  z: Node,
  [scale, bias]: readonly [Node, Node],
  kernel: Node,
  offset: Node,
): Node {
  const [width, outputs] = kernel.dims as readonly [number, number];
  const scaled = g.mul(kernel, g.reshape(scale, [width, 1]));
  const shifted = g.gemm(g.reshape(bias, [1, width]), kernel, g.reshape(offset, [1, outputs]));
  return g.gemm(z, scaled, shifted);
}

/** `x` as a matrix with `rows` rows. */
const reshapeTo = (g: GraphBuilder, x: Node, rows: number): Node =>
  g.reshape(x, [rows, x.dims.reduce((a, b) => a * b, 1) / rows]);

/** Mean softmax cross-entropy of logits [B, C] against labels [B] -> [1], in nats. */
export function crossEntropy(g: GraphBuilder, logits: Node, labels: Node): Node {
  const [batch, classes] = logits.dims as readonly [number, number];
  const numbers = g.constant(
    Array.from({ length: classes }, (_, i) => i),
    [1, classes],
  );
  const target = g.equal(g.reshape(labels, [batch, 1]), numbers); // [B, C]
  const total = g.sum(g.mul(g.logSoftmax(logits), target), [0, 1]);
  return g.reshape(g.mul(total, g.scalar(-1 / batch)), [1]);
}

/** The number of logits [B, C] whose largest value is at the label -> [1]. A label of -1 never counts. */
export function correctCount(g: GraphBuilder, logits: Node, labels: Node): Node {
  const hits = g.equal(g.argmax(logits), g.reshape(labels, [logits.dims[0]!, 1])); // [B, 1]
  return g.reshape(g.sum(hits, [0]), [1]);
}
