// Where on the sheet one looks, and where the arrow keys lead.

import type { Lineage } from "../../src/view/lineage.js";
import type { ModelId } from "../../src/view/live/browser.js";
import type { Geometry } from "./geometry.js";
import type { Sight } from "./paint.js";

/** What of the sheet is looked at; following: the newest generation stays in sight as the tree grows. */
export interface Sheet {
  x: number;
  y: number;
  scale: number;
  width: number;
  height: number;
  isFollowing: boolean;
}

export const sightOf = ({ x, y, scale, width, height }: Sheet): Sight => ({ x, y, scale, width, height });

/** Shows the whole tree, or, where that would be too small to read, its newest end. */
export function fitTo(sheet: Sheet, geometry: Geometry, to: "all" | "newest"): void {
  const whole = sheet.width / Math.max(1, geometry.width);
  sheet.scale = Math.min(1.2, to === "all" ? whole : Math.max(0.8, whole));
  sheet.y = 0;
  sheet.x = Math.max(0, geometry.width - sheet.width / sheet.scale);
  if (sheet.x === 0) sheet.x = Math.min(0, (geometry.width - sheet.width / sheet.scale) / 2);
  sheet.isFollowing = to === "newest";
}

/** The model that a key leads to from `selected`; undefined where the key is no step. */
export function walk(
  key: string,
  geometry: Geometry,
  lineage: Lineage,
  selected: ModelId | null,
): ModelId | undefined {
  const { id, count, indexOf, from, surviving, columnStart } = geometry;
  if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(key) || count === 0)
    return undefined;
  const at = selected === null ? undefined : indexOf.get(selected);
  if (key === "Home" || (at === undefined && key !== "End")) return id[0];
  if (key === "End" || at === undefined) return Math.max(...lineage.retained, id[count - 1]!);
  switch (key) {
    case "ArrowLeft":
      return id[Math.max(0, from[at]!)];
    case "ArrowRight": {
      let best = -1;
      for (let i = at + 1; i < count; i++)
        if (from[i] === at && (best < 0 || surviving[i]! > surviving[best]!)) best = i;
      return id[best < 0 ? at : best];
    }
    default: {
      const step = key === "ArrowUp" ? -1 : 1;
      const next = at + step;
      // Through the ends of a generation to its neighbours.
      return next < 0 || next >= count ? id[at] : id[Math.min(Math.max(next, columnStart[0]!), count - 1)];
    }
  }
}
