// How much memory training a group of siblings takes in all: their graph, and what is there beside it. An estimate to split
// by, rather more than less: eight B/16 children (bench/memory) took 2 to 6 % less.

import { componentParamCount } from "../core/components.js";
import type { GraphChild } from "../graph/generation.js";
import { peakBytes } from "../graph/memory.js";
import type { Graph } from "../graph/node.js";

/** A frozen weight is there as the layer's bytes, decoded, in the bytes of two models (training, validation), and in both sessions as given and packed. */
const COPIES_OF_FROZEN = 8.5;
/** A trained one as value and momentum, each before and after a step (in the graph's own count once), and in the best version kept. */
const COPIES_OF_TRAINED = 3.5;

/** Bytes at the peak. */
export function groupBytes(children: readonly GraphChild[], graph: Graph): number {
  const frozen = new Map<string, number>();
  let trained = 0;
  for (const { positions, shape } of children)
    for (const { name, layer } of positions) {
      const count = componentParamCount(name, shape);
      if (layer === null) trained += count;
      else frozen.set(layer, count);
    }
  const held = [...frozen.values()].reduce((sum, count) => sum + count, 0);
  return peakBytes(graph) + 4 * (COPIES_OF_FROZEN * held + COPIES_OF_TRAINED * trained);
}
