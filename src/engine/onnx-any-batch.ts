// A graph for batches of any size. Graphs have static shapes, so this one is lowered at several sizes, and wherever the
// results differ (the lengths that Reshape, Expand, Slice and Split are given) the number is computed from the batch when
// the model runs. Every length of a network is linear in the batch; that is checked.

import type { Graph } from "../graph/node.js";
import type { Tensors } from "./engine.js";
import { lowerToOnnx } from "./onnx-ops.js";
import type { OnnxGraph, OnnxInitializer, OnnxNode } from "./onnx-proto.js";

/** Sizes to compare at: primes beyond the lengths of networks, so that no other length looks like the batch. */
const SIZES = [100_003, 100_019, 100_043] as const;

/** The operators of `graphOf(batch)` for any batch, which the int64 tensor [1] named `batch` holds; standard operators only. */
export function lowerForAnyBatch(
  graphOf: (batch: number) => Graph,
  constants: Tensors,
  batch: string,
): OnnxGraph {
  const lower = (size: number) => lowerToOnnx(graphOf(size), { constants, standardOnly: true });
  const [first, second, third] = SIZES.map(lower) as [OnnxGraph, OnnxGraph, OnnxGraph];
  const lengths = new Lengths(batch, [first, second, third]);
  const nodes = first.nodes.map((node, i): OnnxNode => {
    const others = [second.nodes[i], third.nodes[i]] as const;
    for (const other of others)
      if (!other || sketch(other) !== sketch(node)) throw new Error(`node ${i} depends on the batch`);
    const inputs = node.inputs.map((name, at) => {
      const names = [name, others[0]!.inputs[at]!, others[1]!.inputs[at]!];
      return names.every((each) => each === name) ? name : lengths.nameOf(names);
    });
    return { ...node, inputs };
  });
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  return {
    nodes: [...lengths.nodes, ...nodes],
    inputs: first.inputs,
    outputs: first.outputs,
    initializers: [...first.initializers.filter(({ name }) => used.has(name)), ...lengths.initializers],
  };
}

/** All of a node but the names of its inputs. */
const sketch = ({ op, outputs, attributes, domain, inputs }: OnnxNode): string =>
  JSON.stringify([op, outputs, attributes, domain, inputs.length]);

/** The lengths that depend on the batch: base + slope · batch. */
class Lengths {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxInitializer[] = [];
  readonly #known = new Map<string, string>();
  readonly #values: readonly ReadonlyMap<string, readonly number[]>[];

  constructor(
    readonly batch: string,
    graphs: readonly OnnxGraph[],
  ) {
    this.#values = graphs.map(
      ({ initializers }) =>
        new Map(
          initializers.flatMap(({ name, data }) =>
            data instanceof BigInt64Array ? [[name, Array.from(data, Number)] as const] : [],
          ),
        ),
    );
  }

  /** The tensor whose values at the compared sizes are those of the initializers `names`. */
  nameOf(names: readonly string[]): string {
    const key = names.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const lists = names.map((name, i) => this.#values[i]!.get(name));
    const [a, b, c] = lists;
    if (!a || !b || !c) throw new Error(`${key}: numbers that are not lengths depend on the batch`);
    const slope = a.map((value, i) => (b[i]! - value) / (SIZES[1] - SIZES[0]));
    const base = a.map((value, i) => value - slope[i]! * SIZES[0]);
    const isLinear = c.every((value, i) => value === base[i]! + slope[i]! * SIZES[2]);
    if (!isLinear || !slope.every(Number.isSafeInteger)) throw new Error(`${key} is not linear in the batch`);
    const name = `length${this.#known.size}`;
    this.#known.set(key, name);
    this.nodes.push({ op: "Mul", inputs: [this.#integers(slope), this.batch], outputs: [`${name}/part`] });
    this.nodes.push({ op: "Add", inputs: [`${name}/part`, this.#integers(base)], outputs: [name] });
    return name;
  }

  #integers(values: readonly number[]): string {
    const name = `lengths/${values.join()}`;
    if (!this.initializers.some((each) => each.name === name))
      this.initializers.push({ name, dims: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  }
}
