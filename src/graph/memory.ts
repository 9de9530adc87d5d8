// Estimates the peak memory of a graph without an engine: the largest sum of values that are still needed while nodes run in
// topological order. Engines reuse buffers and differ by some tens of percent.

import { type Graph, type Node, sizeOf, topologicalOrder } from "./node.js";

/** Bytes at the peak, inputs and outputs included. */
export function peakBytes({ outputs }: Graph): number {
  const roots = Object.values(outputs);
  const order = topologicalOrder(roots).filter((node) => standsIn(node) === node);
  const uses = new Map<Node, number>();
  for (const node of [...roots, ...order.flatMap(({ inputs }) => inputs)].map(standsIn))
    uses.set(node, (uses.get(node) ?? 0) + 1);
  let live = 0;
  let peak = 0;
  for (const node of order) {
    live += sizeOf(node);
    peak = Math.max(peak, live);
    for (const input of node.inputs.map(standsIn)) {
      const left = uses.get(input)! - 1;
      uses.set(input, left);
      if (left === 0) live -= sizeOf(input);
    }
  }
  return 4 * peak;
}

/** The node that holds a node's value: a reshape is a view, and keeps its source alive. */
const standsIn = (node: Node): Node => (node.op === "reshape" ? standsIn(node.inputs[0]!) : node);
