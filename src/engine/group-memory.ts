// How much memory training a group of siblings takes in all: their graph, and what is there beside it. An estimate to split
// by, rather more than less: eight B/16 children (bench/memory) took 2 to 6 % less.

import { componentParamCount } from "../core/components.js";
import type { GraphChild } from "../graph/generation.js";
import { peakBytes } from "../graph/memory.js";
import type { Graph } from "../graph/node.js";

/** A frozen weight is there as the layer's bytes, decoded, in the bytes of two models (training, validation), and in both sessions as given and packed. */
const COPIES_OF_FROZEN = 8.5;
/** A trained one besides as value and momentum before and after a step, as gradient, in the best version kept and in what is made of it at the end: fitted to one child of B/16 all trained. */
const COPIES_OF_TRAINED = 11;

/** Bytes at the peak. */
export function groupBytes(children: readonly GraphChild[], graph: Graph): number {
  const { frozen, trained } = parameters(children);
  return peakBytes(graph) + 4 * (COPIES_OF_FROZEN * frozen + COPIES_OF_TRAINED * trained);
}

/** Bytes of the layers that the children share or keep, each once: the constants of their graph. */
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
