// One step of the optimizer of method.md §e.2 on a child's trainable parameters, which stand in one vector: clip by global
// norm, momentum, Nesterov. As in optax the update uses the momentum in full precision and only what is carried over to
// the next step is rounded.

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
  const norm = g.sqrt(g.sumSquares(gradient));
  const clipped = g.mul(gradient, g.div(clip, g.max(norm, clip))); // exactly × 1 up to the norm
  const next = g.add(clipped, g.mul(velocity, decay));
  const update = nesterov ? g.add(clipped, g.mul(next, decay)) : next;
  return {
    theta: g.sub(theta, g.mul(update, rate)),
    velocity: momentumPrecision === "bfloat16" ? g.roundBfloat16(next) : next,
  };
}
