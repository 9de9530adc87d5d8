// The meaning of a graph in plain TypeScript and 64-bit floats: slow, obvious, and written without a look at the engines.

import { type Dims, elementCount, type Graph, type Node, topologicalOrder } from "../../src/graph/node.js";

export type Values = Readonly<Record<string, ArrayLike<number>>>;

/** The outputs of `graph` for these inputs. */
export function interpret(graph: Graph, feeds: Values): Record<string, Float64Array> {
  const values = new Map<Node, Float64Array>();
  for (const node of topologicalOrder(Object.values(graph.outputs)))
    values.set(
      node,
      evaluate(
        node,
        node.inputs.map((input) => values.get(input)!),
        feeds,
      ),
    );
  return Object.fromEntries(Object.entries(graph.outputs).map(([name, node]) => [name, values.get(node)!]));
}

const strides = (dims: Dims): number[] => dims.map((_, i) => elementCount(dims.slice(i + 1)));

/** Every index of `dims`, in row-major order. */
function* indices(dims: Dims): Generator<number[]> {
  const steps = strides(dims);
  for (let flat = 0; flat < elementCount(dims); flat++)
    yield dims.map((length, axis) => Math.floor(flat / steps[axis]!) % length);
}

/** Where an index of a broadcast result stands in an operand of shape `dims`. */
const broadcastAt = (index: readonly number[], dims: Dims): number => {
  const steps = strides(dims);
  const skip = index.length - dims.length;
  return dims.reduce((at, length, i) => at + (length === 1 ? 0 : index[skip + i]! * steps[i]!), 0);
};

const at = (index: readonly number[], dims: Dims): number => {
  const steps = strides(dims);
  return index.reduce((sum, i, axis) => sum + i * steps[axis]!, 0);
};

const GELU = Math.sqrt(2 / Math.PI);
export const gelu = (x: number): number => 0.5 * x * (1 + Math.tanh(GELU * (x + 0.044715 * x ** 3)));
export const geluSlope = (x: number): number => {
  const t = Math.tanh(GELU * (x + 0.044715 * x ** 3));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * GELU * (1 + 3 * 0.044715 * x * x);
};

/** Nearest value with 8 significant bits, ties to even. */
export function roundToBfloat16(x: number): number {
  const bits = new Uint32Array(Float32Array.of(x).buffer);
  const low = bits[0]! & 0xffff;
  const up = low > 0x8000 || (low === 0x8000 && (bits[0]! & 0x10000) !== 0);
  bits[0] = ((bits[0]! & 0xffff0000) + (up ? 0x10000 : 0)) >>> 0;
  return new Float32Array(bits.buffer)[0]!;
}

function evaluate(node: Node, operands: readonly Float64Array[], feeds: Values): Float64Array {
  const [a, b, c] = operands;
  const size = elementCount(node.dims);
  const x = node.inputs[0];
  const build = (f: (index: number[], flat: number) => number): Float64Array => {
    const out = new Float64Array(size);
    let flat = 0;
    for (const index of indices(node.dims)) {
      out[flat] = f(index, flat);
      flat++;
    }
    return out;
  };
  const zip = (f: (p: number, q: number) => number): Float64Array => {
    const [p, q] = node.inputs.map(({ dims }) => dims) as [Dims, Dims];
    return build((index) => f(a![broadcastAt(index, p)]!, b![broadcastAt(index, q)]!));
  };
  /** Rows of the last axis, each replaced by what `f` gives. */
  const rows = (f: (row: Float64Array) => ArrayLike<number>): Float64Array => {
    const width = x!.dims.at(-1)!;
    const results: number[] = [];
    for (let start = 0; start < a!.length; start += width)
      results.push(...Array.from(f(a!.subarray(start, start + width))));
    return Float64Array.from(results);
  };
  const moments = (row: Float64Array, epsilon: number) => {
    const mean = row.reduce((s, v) => s + v, 0) / row.length;
    const variance = row.reduce((s, v) => s + (v - mean) ** 2, 0) / row.length;
    return { mean, inverse: 1 / Math.sqrt(variance + epsilon) };
  };

  switch (node.op) {
    case "input": {
      const given = feeds[node.attributes.name];
      if (given?.length !== size)
        throw new Error(`input ${node.attributes.name} has ${given?.length} values, not ${size}`);
      return Float64Array.from(given);
    }
    case "constant":
      return Float64Array.from(node.attributes.values);
    case "add":
      return zip((p, q) => p + q);
    case "sub":
      return zip((p, q) => p - q);
    case "mul":
      return zip((p, q) => p * q);
    case "div":
      return zip((p, q) => p / q);
    case "max":
      return zip(Math.max);
    case "equal":
      return zip((p, q) => Number(p === q));
    case "sqrt":
      return a!.map(Math.sqrt);
    case "roundBfloat16":
      return a!.map(roundToBfloat16);
    case "gelu":
      return a!.map(gelu);
    case "geluGrad":
      return a!.map((g, i) => g * geluSlope(b![i]!));
    case "sum": {
      const out = new Float64Array(size);
      let flat = 0;
      for (const index of indices(x!.dims)) {
        const to = at(
          index.map((i, axis) => (node.attributes.axes.includes(axis) ? 0 : i)),
          node.dims,
        );
        out[to] = out[to]! + a![flat]!;
        flat++;
      }
      return out;
    }
    case "sumSquares": {
      const length = x!.dims.at(-1)!;
      return Float64Array.from({ length: size }, (_, i) =>
        a!.subarray(i * length, (i + 1) * length).reduce((s, v) => s + v * v, 0),
      );
    }
    case "reshape":
      return a!.slice();
    case "transpose": {
      const { perm } = node.attributes;
      return build((index) => {
        const source: number[] = [];
        perm.forEach((p, i) => {
          source[p] = index[i]!;
        });
        return a![at(source, x!.dims)]!;
      });
    }
    case "broadcast":
      return build((index) => a![broadcastAt(index, x!.dims)]!);
    case "slice": {
      const { axis, start } = node.attributes;
      return build(
        (index) =>
          a![
            at(
              index.map((i, k) => (k === axis ? i + start : i)),
              x!.dims,
            )
          ]!,
      );
    }
    case "pad": {
      const { axis, before } = node.attributes;
      return build((index) => {
        const i = index[axis]! - before;
        if (i < 0 || i >= x!.dims[axis]!) return 0;
        return a![
          at(
            index.map((k, n) => (n === axis ? i : k)),
            x!.dims,
          )
        ]!;
      });
    }
    case "concat": {
      const { axis } = node.attributes;
      return build((index) => {
        let i = index[axis]!;
        let part = 0;
        while (i >= node.inputs[part]!.dims[axis]!) {
          i -= node.inputs[part]!.dims[axis]!;
          part++;
        }
        return operands[part]![
          at(
            index.map((k, n) => (n === axis ? i : k)),
            node.inputs[part]!.dims,
          )
        ]!;
      });
    }
    case "gemm": {
      const { transA, transB } = node.attributes;
      const [left, right] = [node.inputs[0]!.dims, node.inputs[1]!.dims];
      const inner = transA ? left[0]! : left[1]!;
      return build(([m, n]) => {
        let sum = c ? c[broadcastAt([m!, n!], node.inputs[2]!.dims)]! : 0;
        for (let k = 0; k < inner; k++)
          sum += a![at(transA ? [k, m!] : [m!, k], left)]! * b![at(transB ? [n!, k] : [k, n!], right)]!;
        return sum;
      });
    }
    case "batchMatmul": {
      const { transA, transB, rowsFirstA, rowsFirstB, alpha } = node.attributes;
      const [left, right] = [node.inputs[0]!.dims, node.inputs[1]!.dims];
      // Row and column of a stored operand, then the batch where the layout has it.
      const place = (batch: number, row: number, column: number, rowsFirst: boolean, dims: Dims): number =>
        at(rowsFirst ? [row, batch, column] : [batch, row, column], dims);
      const inner = transA ? left[rowsFirstA ? 0 : 1]! : left[2]!;
      return build(([i, m, n]) => {
        let sum = 0;
        for (let k = 0; k < inner; k++)
          sum +=
            a![place(i!, transA ? k : m!, transA ? m! : k, rowsFirstA, left)]! *
            b![place(i!, transB ? n! : k, transB ? k : n!, rowsFirstB, right)]!;
        return alpha * sum;
      });
    }
    case "normalize":
      return rows((row) => {
        const { mean, inverse } = moments(row, node.attributes.epsilon);
        return row.map((v) => (v - mean) * inverse);
      });
    case "inverseDeviation":
      return rows((row) => [moments(row, node.attributes.epsilon).inverse]);
    case "softmax":
    case "logSoftmax":
      return rows((row) => {
        const top = Math.max(...row);
        const log = top + Math.log(row.reduce((s, v) => s + Math.exp(v - top), 0));
        return row.map((v) => (node.op === "softmax" ? Math.exp(v - log) : v - log));
      });
    case "argmax":
      return rows((row) => [row.indexOf(Math.max(...row))]);
    default:
      return node satisfies never;
  }
}
