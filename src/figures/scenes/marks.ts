// Small marks that several pictures use.

import type { Paint } from "./palette.js";
import type { Mark } from "./scene.js";

/** A closed padlock, 10 wide and 12 high, centred at (x, y), which marks private things. */
export const lock = (x: number, y: number, paint: Paint = "ink"): Mark => ({
  kind: "group",
  class: "lock",
  x: x - 5,
  y: y - 6,
  children: [
    {
      kind: "path",
      d: "M2.2 5.5V3.6a2.8 2.8 0 0 1 5.6 0V5.5",
      fill: "none",
      stroke: paint,
      strokeWidth: 1.5,
    },
    { kind: "rect", x: 0.5, y: 5.2, width: 9, height: 6.6, r: 1.4, fill: paint },
  ],
});

/** A dashed ring around what was trained on a private task. */
export const privateRing = (x: number, y: number, r: number, paint: Paint): Mark => ({
  kind: "circle",
  class: "private",
  x,
  y,
  r,
  fill: "none",
  stroke: paint,
  strokeWidth: 1.2,
  dash: "2.4 1.8",
});

/** A level edge longer than this passes nodes of other columns. */
const ONE_COLUMN = 60;

/**
 * Control points (ax, ay, bx, by) of an edge of descent. A level edge past other columns bows over the nodes in between,
 * because these (private or discarded models, say) may not belong to its line. */
export function descent(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): readonly [number, number, number, number] {
  const across = x1 - x0;
  const bow = y0 === y1 && across > ONE_COLUMN ? Math.min(24, 10 + across / 24) : 0;
  const bend = across / (bow > 0 ? 5 : 2);
  return [x0 + bend, y0 - bow, x1 - bend, y1 - bow];
}
