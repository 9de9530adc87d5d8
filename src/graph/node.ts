// The tensor graph: a node is an operation with its attributes and inputs, and its shape is known when it is made. All
// values are 32-bit floats in row-major order. A graph is a set of named outputs and everything they depend on.

export type Dims = readonly number[];

/** The operations and their attributes. Unless noted otherwise, an operation is elementwise with broadcasting. */
export interface Operations {
  /** A value fed on each run or bound when the graph is compiled. */
  input: { readonly name: string };
  constant: { readonly values: readonly number[] };
  add: Record<never, never>;
  sub: Record<never, never>;
  mul: Record<never, never>;
  div: Record<never, never>;
  max: Record<never, never>;
  /** 1 where equal, else 0. */
  equal: Record<never, never>;
  sqrt: Record<never, never>;
  /** To the nearest value with the 8 significant bits of a bfloat16. */
  roundBfloat16: Record<never, never>;
  /** GELU, tanh approximation. */
  gelu: Record<never, never>;
  /** (g, x) -> g · gelu'(x). */
  geluGrad: Record<never, never>;
  /** Sum over `axes`, which stay with length 1. */
  sum: { readonly axes: readonly number[] };
  /** Sum of the squares of all elements, [1]. */
  sumSquares: Record<never, never>;
  reshape: { readonly dims: Dims };
  transpose: { readonly perm: readonly number[] };
  broadcast: { readonly dims: Dims };
  slice: { readonly axis: number; readonly start: number; readonly end: number };
  /** Zeros before and after along one axis: the gradient of a slice. */
  pad: { readonly axis: number; readonly before: number; readonly after: number };
  concat: { readonly axis: number };
  /** a [M, K] · b [K, N] (+ c, which broadcasts to [M, N]) -> [M, N]; a stored [K, M] with transA, b [N, K] with transB. */
  gemm: { readonly transA: boolean; readonly transB: boolean };
  /** alpha · a [batch, M, K] · b [batch, K, N] -> [batch, M, N]. With rowsFirst an operand is stored [rows, batch, columns]. */
  batchMatmul: {
    readonly transA: boolean;
    readonly transB: boolean;
    readonly rowsFirstA: boolean;
    readonly rowsFirstB: boolean;
    readonly alpha: number;
  };
  /** (x - mean) / √(variance + epsilon) over the last axis. */
  normalize: { readonly epsilon: number };
  /** 1 / √(variance + epsilon) over the last axis, which stays with length 1. */
  inverseDeviation: { readonly epsilon: number };
  /** Over the last axis. */
  softmax: Record<never, never>;
  logSoftmax: Record<never, never>;
  /** Index of the first greatest element of the last axis, which stays with length 1. */
  argmax: Record<never, never>;
}

export type Op = keyof Operations;

/** A node of operation `K`. `id` counts nodes in the order in which their builder made them, so inputs have smaller ids. */
export interface NodeOf<K extends Op> {
  readonly id: number;
  readonly op: K;
  readonly attributes: Operations[K];
  readonly inputs: readonly Node[];
  readonly dims: Dims;
}

export type Node = { [K in Op]: NodeOf<K> }[Op];

/** A computation: its results by name. */
export interface Graph {
  readonly outputs: Readonly<Record<string, Node>>;
}

export const elementCount = (dims: Dims): number => dims.reduce((a, b) => a * b, 1);

/** Number of elements of the node's value. */
export const sizeOf = (node: Node): number => elementCount(node.dims);

/** All nodes that `roots` need, each after its inputs; depth first, in the order of the roots. */
export function topologicalOrder(roots: readonly Node[]): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack, as a deep model would overflow the real one. A node is pushed again, marked, to be listed after its inputs.
  const stack: { node: Node; inputsDone: boolean }[] = roots
    .map((node) => ({ node, inputsDone: false }))
    .reverse();
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.inputsDone) order.push(top.node);
    else if (!seen.has(top.node)) {
      seen.add(top.node);
      stack.push({ node: top.node, inputsDone: true });
      for (let i = top.node.inputs.length - 1; i >= 0; i--)
        if (!seen.has(top.node.inputs[i]!)) stack.push({ node: top.node.inputs[i]!, inputsDone: false });
    }
  }
  return order;
}
