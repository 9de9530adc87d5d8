// How much memory a graph needs at once, by its own count: the greatest sum of values that are still needed, when nodes run
// in topological order. An estimate to split by, made without an engine; engines reuse buffers and differ by some tens of percent.

import { type Graph, type Node, sizeOf, topologicalOrder } from "./node.js";

/** Bytes at the peak, inputs and outputs included. */
export function peakBytes({ outputs }: Graph): number {
  const roots = Object.values(outputs);
  const order = topologicalOrder(roots);
  const uses = new Map<Node, number>(roots.map((node) => [node, 1]));
  for (const node of order) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  let live = 0;
  let peak = 0;
  for (const node of order) {
    if (!isView(node)) live += sizeOf(node);
    peak = Math.max(peak, live);
    for (const input of node.inputs) {
      const left = uses.get(input)! - 1;
      uses.set(input, left);
      if (left === 0 && !isView(input)) live -= sizeOf(input);
    }
  }
  return 4 * peak;
}

/** Takes no memory of its own. */
const isView = (node: Node): boolean => node.op === "reshape";
