// Makes each node only once: an existing node (same operation, attributes and inputs) is returned again. So siblings that
// share frozen layers automatically share their computation too.

import { graphInvalid } from "../core/errors/index.js";
import { type Dims, elementCount, type Node, type NodeOf, type Op, type Operations } from "./node.js";
import { inferDims } from "./shapes.js";

const NONE = {};
const sameDims = (a: Dims, b: Dims): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** The nodes of a graph under construction. */
export class GraphBuilder {
  readonly #nodes = new Map<string, Node>();

  input(name: string, dims: Dims): Node {
    const node = this.#intern("input", { name }, [], dims);
    if (!sameDims(node.dims, dims))
      throw graphInvalid("input", `${name} is [${node.dims.join(", ")}] and [${dims.join(", ")}]`);
    return node;
  }

  constant(values: readonly number[], dims: Dims = [values.length]): Node {
    if (elementCount(dims) !== values.length)
      throw graphInvalid("constant", `${values.length} values for [${dims.join(", ")}]`);
    return this.#intern("constant", { values }, [], dims);
  }

  scalar(value: number): Node {
    return this.constant([value]);
  }

  add(a: Node, b: Node): Node {
    return this.#make("add", NONE, [a, b]);
  }

  sub(a: Node, b: Node): Node {
    return this.#make("sub", NONE, [a, b]);
  }

  mul(a: Node, b: Node): Node {
    return this.#make("mul", NONE, [a, b]);
  }

  div(a: Node, b: Node): Node {
    return this.#make("div", NONE, [a, b]);
  }

  max(a: Node, b: Node): Node {
    return this.#make("max", NONE, [a, b]);
  }

  equal(a: Node, b: Node): Node {
    return this.#make("equal", NONE, [a, b]);
  }

  sqrt(x: Node): Node {
    return this.#make("sqrt", NONE, [x]);
  }

  roundBfloat16(x: Node): Node {
    return this.#make("roundBfloat16", NONE, [x]);
  }

  gelu(x: Node): Node {
    return this.#make("gelu", NONE, [x]);
  }

  geluGrad(gradient: Node, x: Node): Node {
    return this.#make("geluGrad", NONE, [gradient, x]);
  }

  sum(x: Node, axes: readonly number[]): Node {
    return axes.every((axis) => x.dims[axis] === 1) ? x : this.#make("sum", { axes }, [x]);
  }

  /** Mean over one axis, which stays with length 1. */
  mean(x: Node, axis: number): Node {
    return this.mul(this.sum(x, [axis]), this.scalar(1 / x.dims[axis]!));
  }

  /** Over the last axis, which stays with length 1. */
  sumSquares(x: Node): Node {
    return this.#make("sumSquares", NONE, [x]);
  }

  reshape(x: Node, dims: Dims): Node {
    if (sameDims(x.dims, dims)) return x;
    if (x.op === "reshape") return this.reshape(x.inputs[0]!, dims);
    return this.#make("reshape", { dims }, [x]);
  }

  transpose(x: Node, perm: readonly number[]): Node {
    // If only axes of length 1 move, no data moves.
    const moved = perm.filter((p) => x.dims[p] !== 1);
    if (moved.every((p, i) => i === 0 || p > moved[i - 1]!))
      return this.reshape(
        x,
        perm.map((p) => x.dims[p]!),
      );
    if (x.op === "transpose") {
      const inner = x.attributes.perm;
      return this.transpose(
        x.inputs[0]!,
        perm.map((p) => inner[p]!),
      );
    }
    return this.#make("transpose", { perm }, [x]);
  }

  broadcast(x: Node, dims: Dims): Node {
    return sameDims(x.dims, dims) ? x : this.#make("broadcast", { dims }, [x]);
  }

  slice(x: Node, axis: number, start: number, end: number): Node {
    if (start === 0 && end === x.dims[axis]) return x;
    return this.#make("slice", { axis, start, end }, [x]);
  }

  pad(x: Node, axis: number, before: number, after: number): Node {
    return before === 0 && after === 0 ? x : this.#make("pad", { axis, before, after }, [x]);
  }

  concat(parts: readonly Node[], axis: number): Node {
    return parts.length === 1 ? parts[0]! : this.#make("concat", { axis }, parts);
  }

  gemm(a: Node, b: Node, c?: Node, { transA = false, transB = false } = {}): Node {
    return this.#make("gemm", { transA, transB }, c ? [a, b, c] : [a, b]);
  }

  /** Replaces an operand that swaps rows and batch by its original, so that no data moves. */
  batchMatmul(a: Node, b: Node, options: Partial<Operations["batchMatmul"]> = {}): Node {
    const { transA = false, transB = false, rowsFirstA = false, rowsFirstB = false, alpha = 1 } = options;
    const swapped = (x: Node): Node | null =>
      x.op === "transpose" && String(x.attributes.perm) === "1,0,2" ? x.inputs[0]! : null;
    const [plainA, plainB] = [swapped(a), swapped(b)];
    return this.#make(
      "batchMatmul",
      {
        transA,
        transB,
        rowsFirstA: plainA ? !rowsFirstA : rowsFirstA,
        rowsFirstB: plainB ? !rowsFirstB : rowsFirstB,
        alpha,
      },
      [plainA ?? a, plainB ?? b],
    );
  }

  normalize(x: Node, epsilon: number): Node {
    return this.#make("normalize", { epsilon }, [x]);
  }

  inverseDeviation(x: Node, epsilon: number): Node {
    return this.#make("inverseDeviation", { epsilon }, [x]);
  }

  softmax(x: Node): Node {
    return this.#make("softmax", NONE, [x]);
  }

  logSoftmax(x: Node): Node {
    return this.#make("logSoftmax", NONE, [x]);
  }

  argmax(x: Node): Node {
    return this.#make("argmax", NONE, [x]);
  }

  #make<K extends Op>(op: K, attributes: Operations[K], inputs: readonly Node[]): Node {
    return this.#intern(op, attributes, inputs, inferDims(op, attributes, inputs));
  }

  #intern<K extends Op>(op: K, attributes: Operations[K], inputs: readonly Node[], dims: Dims): Node {
    const own = attributes === NONE ? "" : JSON.stringify(attributes);
    const key = `${op} ${own} ${inputs.map((node) => node.id).join(",")}${op === "constant" ? dims.join() : ""}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const made: NodeOf<K> = { id: this.#nodes.size, op, attributes, inputs, dims };
    this.#nodes.set(key, made as Node);
    return made as Node;
  }
}
