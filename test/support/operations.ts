// A small example of every operation of the graph, for tests that go through all of them.

import { GraphBuilder } from "../../src/graph/builder.js";
import type { Dims, Node, Op } from "../../src/graph/node.js";

export interface Example {
  readonly inputs: readonly Dims[];
  readonly make: (g: GraphBuilder, inputs: Node[]) => Node;
  /** Whether it has a gradient. */
  readonly smooth?: false;
  /** Inputs above zero. */
  readonly positive?: true;
}

const two = (op: "add" | "sub" | "mul" | "div" | "max" | "equal", inputs: readonly Dims[]): Example => ({
  inputs,
  make: (g, [a, b]) => g[op](a!, b!),
  ...(op === "div" ? { positive: true } : {}),
  ...(op === "max" || op === "equal" ? { smooth: false } : {}),
});

const batched = (a: Dims, b: Dims, options: Parameters<GraphBuilder["batchMatmul"]>[2]): Example => ({
  inputs: [a, b],
  make: (g, [x, y]) => g.batchMatmul(x!, y!, options),
});

export const EXAMPLES: Readonly<
  Record<Exclude<Op, "input" | "constant">, Readonly<Record<string, Example>>>
> = {
  add: {
    plain: two("add", [
      [2, 3],
      [2, 3],
    ]),
    stretched: two("add", [
      [2, 1, 3],
      [4, 1],
    ]),
  },
  sub: {
    plain: two("sub", [
      [2, 3],
      [2, 3],
    ]),
    stretched: two("sub", [[3], [2, 3]]),
  },
  mul: {
    plain: two("mul", [
      [2, 3],
      [2, 3],
    ]),
    stretched: two("mul", [
      [2, 1, 3],
      [4, 1],
    ]),
  },
  div: {
    plain: two("div", [
      [2, 3],
      [2, 3],
    ]),
    stretched: two("div", [[1], [2, 3]]),
  },
  max: { plain: two("max", [[2, 3], [1]]) },
  equal: {
    plain: two("equal", [
      [2, 3],
      [2, 1],
    ]),
  },
  sqrt: { plain: { inputs: [[2, 3]], make: (g, [x]) => g.sqrt(x!), positive: true } },
  roundBfloat16: { plain: { inputs: [[40]], make: (g, [x]) => g.roundBfloat16(x!), smooth: false } },
  gelu: { plain: { inputs: [[3, 4]], make: (g, [x]) => g.gelu(x!) } },
  geluGrad: {
    plain: {
      inputs: [
        [3, 4],
        [3, 4],
      ],
      make: (g, [x, y]) => g.geluGrad(x!, y!),
      smooth: false,
    },
  },
  sum: {
    one: { inputs: [[2, 3, 4]], make: (g, [x]) => g.sum(x!, [1]) },
    several: { inputs: [[2, 3, 4]], make: (g, [x]) => g.sum(x!, [0, 2]) },
  },
  sumSquares: {
    vector: { inputs: [[6]], make: (g, [x]) => g.sumSquares(x!) },
    rows: { inputs: [[2, 3]], make: (g, [x]) => g.sumSquares(x!) },
  },
  reshape: { plain: { inputs: [[2, 6]], make: (g, [x]) => g.reshape(x!, [3, 4]) } },
  transpose: { plain: { inputs: [[2, 3, 4]], make: (g, [x]) => g.transpose(x!, [2, 0, 1]) } },
  broadcast: { plain: { inputs: [[2, 1, 3]], make: (g, [x]) => g.broadcast(x!, [4, 2, 5, 3]) } },
  slice: {
    inner: { inputs: [[3, 5]], make: (g, [x]) => g.slice(x!, 1, 1, 4) },
    outer: { inputs: [[3, 5]], make: (g, [x]) => g.slice(x!, 0, 1, 3) },
    tiles: {
      inputs: [[7]],
      make: (g, [x]) => g.concat([g.slice(x!, 0, 3, 7), g.slice(x!, 0, 0, 3)], 0),
    },
  },
  pad: { plain: { inputs: [[3, 2]], make: (g, [x]) => g.pad(x!, 0, 2, 1) } },
  concat: {
    plain: {
      inputs: [
        [2, 1],
        [2, 3],
        [2, 2],
      ],
      make: (g, parts) => g.concat(parts, 1),
    },
  },
  gemm: {
    plain: {
      inputs: [
        [3, 4],
        [4, 2],
      ],
      make: (g, [a, b]) => g.gemm(a!, b!),
    },
    bias: { inputs: [[3, 4], [4, 2], [2]], make: (g, [a, b, c]) => g.gemm(a!, b!, c) },
    summand: {
      inputs: [
        [3, 4],
        [4, 2],
        [3, 2],
      ],
      make: (g, [a, b, c]) => g.gemm(a!, b!, c),
    },
    transA: {
      inputs: [
        [4, 3],
        [4, 2],
      ],
      make: (g, [a, b]) => g.gemm(a!, b!, undefined, { transA: true }),
    },
    transB: {
      inputs: [
        [3, 4],
        [2, 4],
        [1, 2],
      ],
      make: (g, [a, b, c]) => g.gemm(a!, b!, c, { transB: true }),
    },
    both: {
      inputs: [
        [4, 3],
        [2, 4],
      ],
      make: (g, [a, b]) => g.gemm(a!, b!, undefined, { transA: true, transB: true }),
    },
  },
  batchMatmul: {
    plain: batched([2, 3, 4], [2, 4, 5], {}),
    scaled: batched([2, 3, 4], [2, 5, 4], { transB: true, alpha: 0.5 }),
    transA: batched([2, 4, 3], [2, 4, 5], { transA: true }),
    both: batched([2, 4, 3], [2, 5, 4], { transA: true, transB: true }),
    rowsFirst: batched([3, 2, 4], [5, 2, 4], {
      rowsFirstA: true,
      rowsFirstB: true,
      transB: true,
      alpha: 0.25,
    }),
    rightRowsFirst: batched([2, 3, 4], [4, 2, 5], { rowsFirstB: true }),
    leftRowsFirst: batched([3, 2, 4], [2, 4, 5], { rowsFirstA: true }),
    everything: batched([4, 2, 3], [5, 2, 4], {
      rowsFirstA: true,
      rowsFirstB: true,
      transA: true,
      transB: true,
    }),
  },
  normalize: { plain: { inputs: [[3, 6]], make: (g, [x]) => g.normalize(x!, 1e-3) } },
  inverseDeviation: {
    plain: {
      inputs: [[3, 6]],
      make: (g, [x]) => g.mul(g.inverseDeviation(x!, 1e-3), g.normalize(x!, 1e-3)),
      smooth: false,
    },
  },
  softmax: { plain: { inputs: [[3, 5]], make: (g, [x]) => g.softmax(x!) } },
  logSoftmax: { plain: { inputs: [[3, 5]], make: (g, [x]) => g.logSoftmax(x!) } },
  argmax: { plain: { inputs: [[3, 5]], make: (g, [x]) => g.argmax(x!), smooth: false } },
};

/** Every example with its title. */
export const examples = Object.entries(EXAMPLES).flatMap(([op, cases]) =>
  Object.entries(cases).map(([name, example]) => [`${op} ${name}`, example] as const),
);

/** The nodes of an example: its inputs x0, x1, … and its result. */
export function build({ inputs, make }: Example): { g: GraphBuilder; inputs: Node[]; result: Node } {
  const g = new GraphBuilder();
  const nodes = inputs.map((dims, i) => g.input(`x${i}`, dims));
  return { g, inputs: nodes, result: make(g, nodes) };
}
