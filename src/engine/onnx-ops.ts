// A graph as ONNX operators, chosen for what is fast on ONNX Runtime's CPU kernels: one Split for all slices of a vector,
// LayerNormalization for both of its results, FusedMatMul where operands are transposed. Nothing here depends on which
// other nodes a graph has, so a child computes the same bits alone and among siblings.

import { type Dims, type Graph, type Node, type NodeOf, topologicalOrder } from "../graph/node.js";
import type { Tensors } from "./engine.js";
import {
  type Attribute,
  MICROSOFT,
  type OnnxGraph,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from "./onnx-proto.js";

export interface LowerOptions {
  /** Inputs that become initializers. */
  readonly constants: Tensors;
  /** Only standard operators: for devices without ONNX Runtime's own ones. */
  readonly standardOnly: boolean;
}

/** Name of an output in the model: inputs and outputs of one name are both there, and ONNX needs two. */
export const outputName = (name: string): string => `out/${name}`;

export function lowerToOnnx(graph: Graph, options: LowerOptions): OnnxGraph {
  const lowering = new Lowering(graph, options);
  const order = topologicalOrder(Object.values(graph.outputs));
  lowering.findSplits(order);
  for (const node of order) lowering.lower(node);
  const outputs = Object.entries(graph.outputs).map(([name, node]): OnnxValue => {
    const output = outputName(name);
    if (lowering.nameOf(node) !== output) lowering.emit("Identity", [lowering.nameOf(node)], output);
    return { name: output, dims: node.dims };
  });
  return { nodes: lowering.nodes, inputs: lowering.inputs, outputs, initializers: lowering.initializers };
}

const GELU_LINEAR = 2 * Math.sqrt(2 / Math.PI);
const GELU_CUBIC = GELU_LINEAR * 0.044715;
const BFLOAT16 = 16;
const FLOAT = 1;

class Lowering {
  readonly nodes: OnnxNode[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly initializers: OnnxInitializer[] = [];
  readonly #names = new Map<Node, string>();
  readonly #known = new Set<string>();
  /** For a sliced vector, the slices that together make all of it. */
  readonly #splits = new Map<Node, NodeOf<"slice">[]>();
  readonly #norms = new Map<string, string>();
  readonly #outputs: ReadonlyMap<Node, string>;
  #temporaries = 0;

  constructor(
    { outputs }: Graph,
    readonly options: LowerOptions,
  ) {
    this.#outputs = new Map(Object.entries(outputs).map(([name, node]) => [node, outputName(name)]));
  }

  nameOf(node: Node): string {
    return this.#names.get(node)!;
  }

  emit(
    op: string,
    inputs: readonly string[],
    output: string | readonly string[],
    attributes: Record<string, Attribute> = {},
    domain = "",
  ): string {
    const outputs = typeof output === "string" ? [output] : output;
    this.nodes.push({ op, inputs, outputs, attributes, domain });
    return outputs[0]!;
  }

  /** Vectors whose slices tile them are cut by one Split. */
  findSplits(order: readonly Node[]): void {
    const slices = new Map<Node, NodeOf<"slice">[]>();
    for (const node of order)
      if (node.op === "slice" && node.inputs[0]!.dims.length === 1) {
        const source = node.inputs[0]!;
        slices.set(source, [...(slices.get(source) ?? []), node]);
      }
    for (const [source, parts] of slices) {
      parts.sort((a, b) => a.attributes.start - b.attributes.start);
      const tiles = parts.every((part, i) => part.attributes.start === (parts[i - 1]?.attributes.end ?? 0));
      if (tiles && parts.at(-1)!.attributes.end === source.dims[0]) this.#splits.set(source, parts);
    }
  }

  lower(node: Node): void {
    if (this.#names.has(node)) return;
    const name =
      node.op === "input" ? `in/${node.attributes.name}` : (this.#outputs.get(node) ?? `v${node.id}`);
    this.#names.set(node, name);
    this.#lower(node, name);
  }

  #lower(node: Node, out: string): void {
    const [a, b, c] = node.inputs.map((input) => this.nameOf(input)) as [string, string, string];
    switch (node.op) {
      case "input":
        this.#input(node, out);
        return;
      case "constant":
        this.initializers.push({
          name: out,
          dims: node.dims,
          data: Float32Array.from(node.attributes.values),
        });
        return;
      case "add":
      case "sub":
      case "mul":
      case "div":
      case "max":
        this.emit(ELEMENTWISE[node.op], [a, b], out);
        return;
      case "equal":
        this.emit("Cast", [this.emit("Equal", [a, b], this.#temporary())], out, { to: FLOAT });
        return;
      case "sqrt":
        this.emit("Sqrt", [a], out);
        return;
      case "roundBfloat16":
        this.emit("Cast", [this.emit("Cast", [a], this.#temporary(), { to: BFLOAT16 })], out, { to: FLOAT });
        return;
      case "gelu":
        this.emit("Gelu", [a], out, { approximate: "tanh" });
        return;
      case "geluGrad":
        this.#geluGrad(a, b, out);
        return;
      case "sum":
        this.emit("ReduceSum", [a, this.#integers(node.attributes.axes)], out, { keepdims: 1 });
        return;
      case "sumSquares": {
        const last = node.dims.length - 1;
        this.emit("ReduceSumSquare", last === 0 ? [a] : [a, this.#integers([last])], out, { keepdims: 1 });
        return;
      }
      case "reshape":
        this.#reshape(a, node.attributes.dims, out);
        return;
      case "transpose":
        this.emit("Transpose", [a], out, { perm: node.attributes.perm });
        return;
      case "broadcast":
        this.emit("Expand", [a, this.#integers(node.attributes.dims)], out);
        return;
      case "slice":
        this.#slice(node, a, out);
        return;
      case "pad": {
        const { axis, before, after } = node.attributes;
        const at = (amount: number) => node.dims.map((_, i) => (i === axis ? amount : 0));
        this.emit("Pad", [a, this.#integers([...at(before), ...at(after)])], out);
        return;
      }
      case "concat":
        this.emit(
          "Concat",
          node.inputs.map((input) => this.nameOf(input)),
          out,
          { axis: node.attributes.axis },
        );
        return;
      case "gemm": {
        const { transA, transB } = node.attributes;
        this.emit("Gemm", c ? [a, b, c] : [a, b], out, { transA: Number(transA), transB: Number(transB) });
        return;
      }
      case "batchMatmul":
        this.#batchMatmul(node, a, b, out);
        return;
      case "normalize":
      case "inverseDeviation":
        this.#normalization(node, a);
        return;
      case "softmax":
        this.emit("Softmax", [a], out, { axis: -1 });
        return;
      case "logSoftmax":
        this.emit("LogSoftmax", [a], out, { axis: -1 });
        return;
      case "argmax":
        this.emit("Cast", [this.emit("ArgMax", [a], this.#temporary(), { axis: -1, keepdims: 1 })], out, {
          to: FLOAT,
        });
        return;
      default:
        node satisfies never;
    }
  }

  #input(node: NodeOf<"input">, out: string): void {
    const { name } = node.attributes;
    const data = this.options.constants[name];
    if (data) this.initializers.push({ name: out, dims: node.dims, data });
    else this.inputs.push({ name: out, dims: node.dims });
  }

  /** g · s·(1 + (1 - s)·r) with s = σ(x·(l + c·x²)) and r = x·(l + 3c·x²): gelu(x) = x·s. */
  #geluGrad(g: string, x: string, out: string): void {
    const step = (op: string, ...inputs: string[]) => this.emit(op, inputs, this.#temporary());
    const linear = this.#scalar(GELU_LINEAR);
    const square = step("Mul", step("Mul", x, x), this.#scalar(GELU_CUBIC));
    const s = step("Sigmoid", step("Mul", x, step("Add", square, linear)));
    const r = step("Mul", x, step("Add", step("Mul", square, this.#scalar(3)), linear));
    const one = this.#scalar(1);
    const slope = step("Mul", s, step("Add", step("Mul", step("Sub", one, s), r), one));
    this.emit("Mul", [g, slope], out);
  }

  #slice(node: NodeOf<"slice">, source: string, out: string): void {
    const parts = this.#splits.get(node.inputs[0]!);
    if (parts) {
      for (const part of parts) this.#names.set(part, `v${part.id}`);
      const lengths = parts.map((part) => part.dims[0]!);
      this.emit(
        "Split",
        [source, this.#integers(lengths)],
        parts.map((part) => `v${part.id}`),
        { axis: 0 },
      );
      return;
    }
    const { axis, start, end } = node.attributes;
    this.emit("Slice", [source, ...[start, end, axis].map((n) => this.#integers([n]))], out);
  }

  #batchMatmul(node: NodeOf<"batchMatmul">, a: string, b: string, out: string): void {
    const { transA, transB, rowsFirstA, rowsFirstB, alpha } = node.attributes;
    if (!this.options.standardOnly) {
      const flags = { transA, transB, transBatchA: rowsFirstA, transBatchB: rowsFirstB };
      const numbers = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, Number(flag)]));
      this.emit("FusedMatMul", [a, b], out, { ...numbers, alpha: { float: alpha } }, MICROSOFT);
      return;
    }
    const standard = (x: string, rowsFirst: boolean, transposed: boolean): string => {
      const perm = rowsFirst ? [1, 0, 2] : [0, 1, 2];
      const ordered = transposed ? [perm[0]!, perm[2]!, perm[1]!] : perm;
      return ordered.join() === "0,1,2"
        ? x
        : this.emit("Transpose", [x], this.#temporary(), { perm: ordered });
    };
    const operands = [standard(a, rowsFirstA, transA), standard(b, rowsFirstB, transB)];
    if (alpha === 1) this.emit("MatMul", operands, out);
    else this.emit("Mul", [this.emit("MatMul", operands, this.#temporary()), this.#scalar(alpha)], out);
  }

  /** Value and inverse deviation of a normalisation are two results of one operator. */
  #normalization(node: NodeOf<"normalize"> | NodeOf<"inverseDeviation">, x: string): void {
    const { epsilon } = node.attributes;
    const key = `${x} ${epsilon}`;
    let known = this.#norms.get(key);
    if (known === undefined) {
      known = `norm${this.#norms.size}`;
      this.#norms.set(key, known);
      const width = node.inputs[0]!.dims.at(-1)!;
      const affine = [1, 0].map((value) => this.#filled(value, width));
      this.emit("LayerNormalization", [x, ...affine], [`${known}/value`, "", `${known}/inverse`], {
        axis: -1,
        epsilon: { float: epsilon },
      });
    }
    this.#names.set(node as Node, node.op === "normalize" ? `${known}/value` : `${known}/inverse`);
  }

  #reshape(x: string, dims: Dims, out = this.#temporary()): string {
    return this.emit("Reshape", [x, this.#integers(dims)], out);
  }

  #temporary(): string {
    this.#temporaries += 1;
    return `t${this.#temporaries}`;
  }

  #integers(values: readonly number[]): string {
    return this.#initializer(`ints/${values.join()}`, [values.length], () =>
      BigInt64Array.from(values, BigInt),
    );
  }

  #scalar(value: number): string {
    return this.#initializer(`scalar/${value}`, [1], () => Float32Array.of(value));
  }

  #filled(value: number, length: number): string {
    return this.#initializer(`filled/${value}/${length}`, [length], () =>
      new Float32Array(length).fill(value),
    );
  }

  #initializer(name: string, dims: Dims, data: () => Float32Array | BigInt64Array): string {
    if (!this.#known.has(name)) {
      this.#known.add(name);
      this.initializers.push({ name, dims, data: data() });
    }
    return name;
  }
}

const ELEMENTWISE = { add: "Add", sub: "Sub", mul: "Mul", div: "Div", max: "Max" } as const;
