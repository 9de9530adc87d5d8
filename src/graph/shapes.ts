// Computes the shape of every operation's result, or reports what is wrong with its operands.

import { graphInvalid } from "../core/errors/index.js";
import { type Dims, elementCount, type Node, type Op, type Operations } from "./node.js";

const show = (dims: Dims): string => `[${dims.join(", ")}]`;

/** Dims of `op` on these inputs. Throws graph/invalid. */
export function inferDims<K extends Op>(op: K, attributes: Operations[K], inputs: readonly Node[]): Dims {
  const dims = inputs.map((node) => node.dims);
  const bad = (found: string) => graphInvalid(op, `${found} (inputs ${dims.map(show).join(", ") || "none"})`);
  const rule = rules[op] as (a: Operations[K], d: readonly Dims[], bad: Bad) => Dims;
  return rule(attributes, dims, bad);
}

type Bad = (found: string) => Error;
type Rule<K extends Op> = (attributes: Operations[K], dims: readonly Dims[], bad: Bad) => Dims;

/** Numpy's rule: aligned at the right, a length of 1 stretches. Null where the shapes don't fit. */
export function broadcastDims(a: Dims, b: Dims): Dims | null {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) return null;
    result.push(x === 1 ? y : x);
  }
  return result;
}

const binary = (_: unknown, [a, b]: readonly Dims[], bad: Bad): Dims => {
  const dims = broadcastDims(a!, b!);
  if (!dims) throw bad("the shapes do not broadcast");
  return dims;
};
const same = (_: unknown, [x]: readonly Dims[]): Dims => x!;
const lastToOne = (_: unknown, [x]: readonly Dims[], bad: Bad): Dims => {
  if (x!.length === 0) throw bad("needs at least one axis");
  return [...x!.slice(0, -1), 1];
};
const given = (name: string): never => {
  throw graphInvalid(name, "its dims are given, not inferred");
};

const withLength = (dims: Dims, axis: number, length: number): Dims =>
  dims.map((d, i) => (i === axis ? length : d));

function rowsColumns(dims: Dims, transposed: boolean): readonly [number, number] {
  const [rows, columns] = [dims.at(-2)!, dims.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

const rules: { readonly [K in Op]: Rule<K> } = {
  input: () => given("input"),
  constant: () => given("constant"),
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  max: binary,
  equal: binary,
  sqrt: same,
  roundBfloat16: same,
  gelu: same,
  geluGrad: (_, [g, x], bad) => {
    if (show(g!) !== show(x!)) throw bad("gradient and value differ in shape");
    return g!;
  },
  sum: ({ axes }, [x], bad) => {
    if (axes.some((axis) => axis < 0 || axis >= x!.length)) throw bad(`there is no axis ${show(axes)}`);
    return x!.map((d, i) => (axes.includes(i) ? 1 : d));
  },
  sumSquares: lastToOne,
  reshape: ({ dims }, [x], bad) => {
    if (elementCount(dims) !== elementCount(x!)) throw bad(`${show(dims)} has another number of elements`);
    return dims;
  },
  transpose: ({ perm }, [x], bad) => {
    if (
      perm.length !== x!.length ||
      new Set(perm).size !== perm.length ||
      perm.some((p) => x![p] === undefined)
    )
      throw bad(`${show(perm)} is not a permutation of its axes`);
    return perm.map((p) => x![p]!);
  },
  broadcast: ({ dims }, [x], bad) => {
    const reached = broadcastDims(x!, dims);
    if (!reached || show(reached) !== show(dims)) throw bad(`does not broadcast to ${show(dims)}`);
    return dims;
  },
  slice: ({ axis, start, end }, [x], bad) => {
    const length = x![axis];
    if (length === undefined || start < 0 || end > length || start >= end)
      throw bad(`there is no range ${start}…${end} on axis ${axis}`);
    return withLength(x!, axis, end - start);
  },
  pad: ({ axis, before, after }, [x], bad) => {
    const length = x![axis];
    if (length === undefined || before < 0 || after < 0)
      throw bad(`can't pad axis ${axis} by ${before}, ${after}`);
    return withLength(x!, axis, before + length + after);
  },
  concat: ({ axis }, all, bad) => {
    const first = all[0];
    if (!first || first[axis] === undefined) throw bad(`there is no axis ${axis}`);
    const other = (dims: Dims) => show(withLength(dims, axis, 0));
    if (all.some((dims) => other(dims) !== other(first)))
      throw bad(`the shapes differ on other axes than ${axis}`);
    return withLength(
      first,
      axis,
      all.reduce((sum, dims) => sum + dims[axis]!, 0),
    );
  },
  gemm: ({ transA, transB }, [a, b, c], bad) => {
    if (a!.length !== 2 || b!.length !== 2) throw bad("needs matrices");
    const [m, k] = rowsColumns(a!, transA);
    const [k2, n] = rowsColumns(b!, transB);
    if (k !== k2) throw bad(`the inner lengths ${k} and ${k2} differ`);
    if (c && show(broadcastDims(c, [m, n]) ?? []) !== show([m, n]))
      throw bad(`the summand does not fit ${show([m, n])}`);
    return [m, n];
  },
  batchMatmul: (at, [a, b], bad) => {
    if (a!.length !== 3 || b!.length !== 3) throw bad("needs three axes each");
    const standard = (dims: Dims, rowsFirst: boolean) => (rowsFirst ? [dims[1]!, dims[0]!, dims[2]!] : dims);
    const [left, right] = [standard(a!, at.rowsFirstA), standard(b!, at.rowsFirstB)];
    const [m, k] = rowsColumns(left, at.transA);
    const [k2, n] = rowsColumns(right, at.transB);
    if (left[0] !== right[0]) throw bad(`the batches ${left[0]} and ${right[0]} differ`);
    if (k !== k2) throw bad(`the inner lengths ${k} and ${k2} differ`);
    return [left[0]!, m, n];
  },
  normalize: same,
  inverseDeviation: lastToOne,
  softmax: same,
  logSoftmax: same,
  argmax: lastToOne,
};
