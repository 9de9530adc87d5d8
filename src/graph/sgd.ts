// One step of the optimizer of method.md §e.2 on a child's trainable parameters, which are in one vector: clip by global
// norm, momentum, Nesterov. As in optax, the update uses the momentum in full precision, and only the momentum for the next
// step is rounded.

import type { GraphBuilder } from "./builder.js";
import type { Node } from "./node.js";

export interface SgdOptions {
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly clipNorm: number;
  readonly momentumPrecision: "bfloat16" | "float32";
}

/** θ and velocity after a step; all vectors [P], `rate` [1]. */
export function sgdStep(
  g: GraphBuilder,
  { theta, velocity, gradient, rate }: Readonly<Record<"theta" | "velocity" | "gradient" | "rate", Node>>,
  { momentum, nesterov, clipNorm, momentumPrecision }: SgdOptions,
): { theta: Node; velocity: Node } {
  const clip = g.scalar(clipNorm);
  const decay = g.scalar(momentum);
  const norm = g.sqrt(squaredLength(g, gradient));
  const clipped = g.mul(gradient, g.div(clip, g.max(norm, clip))); // exactly × 1 up to the norm
  const next = g.add(clipped, g.mul(velocity, decay));
  const update = nesterov ? g.add(clipped, g.mul(next, decay)) : next;
  return {
    theta: g.sub(theta, g.mul(update, rate)),
    velocity: momentumPrecision === "bfloat16" ? g.roundBfloat16(next) : next,
  };
}

/** Up to this length, one float32 sum is accurate to 6e-5; at 86 million values it loses 1.4 %, because small squares vanish beside the running sum. */
const ONE_SUM = 2 ** 21;
/** Approximate number of values per partial sum. */
const PART = 2 ** 14;

/** Sum of the squares of a vector, [1], accurate to 1e-4 at any length: long vectors are summed in two stages, along the tensors that they consist of. */
export function squaredLength(g: GraphBuilder, x: Node): Node {
  if (x.dims[0]! <= ONE_SUM) return g.sumSquares(x);
  const pieces = x.op === "concat" ? x.inputs : [x];
  const sums = pieces.flatMap((piece) => partialSums(g, piece));
  return g.sum(g.concat(sums, 0), [0]);
}

/** Sums of squares of equal parts of a vector, and of the remainder if there is no suitable divisor: one or two nodes, [parts]. */
function partialSums(g: GraphBuilder, x: Node): Node[] {
  const length = x.dims[0]!;
  if (length <= 4 * PART) return [g.sumSquares(x)];
  let part = 4 * PART;
  while (part > PART / 16 && length % part !== 0) part -= 1;
  const parts = Math.floor(length / part);
  // A slice copies, so searching for a divisor pays off; the length of a tensor has one.
  const whole = g.reshape(g.slice(x, 0, 0, parts * part), [parts, part]);
  const sums = g.reshape(g.sumSquares(whole), [parts]);
  return parts * part === length ? [sums] : [sums, g.sumSquares(g.slice(x, 0, parts * part, length))];
}
