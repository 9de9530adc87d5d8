// Estimates the total memory for training a group of siblings, for splitting generations. It errs on the high side: eight
// B/16 children (bench/memory) took 2 to 6 % less.

import { componentParamCount } from "../core/components.js";
import type { GraphChild } from "../graph/generation.js";
import { peakBytes } from "../graph/memory.js";
import type { Graph } from "../graph/node.js";

/** Copies of a frozen weight: the layer's bytes, decoded, in the bytes of two models (training, validation), and in both sessions, raw and packed. */
const COPIES_OF_FROZEN = 8.5;
/** Copies of a trained weight besides those in the graph: value and momentum before and after a step, gradient, the best version and the layers made from it; fitted to one fully trained child of B/16. */
const COPIES_OF_TRAINED = 11;

/** Bytes at the peak. */
export function groupBytes(children: readonly GraphChild[], graph: Graph): number {
  const { frozen, trained } = parameters(children);
  return peakBytes(graph) + 4 * (COPIES_OF_FROZEN * frozen + COPIES_OF_TRAINED * trained);
}

/** Bytes of the layers that the children share or freeze, each counted once: the constants of their graph. */
export const frozenBytes = (children: readonly GraphChild[]): number => 4 * parameters(children).frozen;

function parameters(children: readonly GraphChild[]): { frozen: number; trained: number } {
  const frozen = new Map<string, number>();
  let trained = 0;
  for (const { positions, shape } of children)
    for (const { name, layer } of positions) {
      const count = componentParamCount(name, shape);
      if (layer === null) trained += count;
      else frozen.set(layer, count);
    }
  return { frozen: [...frozen.values()].reduce((sum, count) => sum + count, 0), trained };
}
