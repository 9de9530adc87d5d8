// Walks the lineage by arrow keys.

import type { Lineage } from "../../src/analysis/children.js";
import type { ModelId } from "../../src/wire/browser.js";
import type { Geometry } from "./geometry.js";

/** The model that a key leads to from `selected`; undefined for other keys. */
export function walk(
  key: string,
  geometry: Geometry,
  lineage: Lineage,
  selected: ModelId | null,
): ModelId | undefined {
  const { id, count, indexOf, from } = geometry;
  if (count === 0) return undefined;
  const at = (selected === null ? undefined : indexOf.get(selected)) ?? 0;
  switch (key) {
    case "Home":
      return id[0];
    case "End":
      return Math.max(...lineage.retained, ...(lineage.retained.length === 0 ? [id[count - 1]!] : []));
    case "ArrowLeft":
      return id[Math.max(0, from[at]!)];
    case "ArrowRight":
      return id[bestChild(geometry, at)];
    case "ArrowUp":
      return id[Math.max(0, at - 1)];
    case "ArrowDown":
      return id[Math.min(count - 1, at + 1)];
    default:
      return undefined;
  }
}

/** The first child, preferably one that today's network descends from; the node itself if it has none. */
function bestChild({ from, surviving, count }: Geometry, node: number): number {
  let best = node;
  for (let i = node + 1; i < count; i++) {
    if (from[i] !== node) continue;
    if (surviving[i]) return i;
    if (best === node) best = i;
  }
  return best;
}
