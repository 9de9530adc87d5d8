// The strokes of the lineage.

import type { Fate } from "../../src/analysis/children.js";
import { descent } from "../../src/figures/scenes/marks.js";

/** Colours by paint (src/figures/scenes/palette), as the page computes them, and the font. */
export interface Look {
  readonly color: (paint: string) => string;
  readonly font: string;
}

const RADIUS: Record<Fate, number> = {
  root: 7,
  training: 5,
  active: 5,
  retained: 7.5,
  dropped: 5,
  discarded: 3.4,
  failed: 3.4,
};

/** Radius in pixels; retained models stay visible at any zoom. */
export const radiusOf = (fate: Fate, scale: number): number =>
  RADIUS[fate] * Math.min(1.3, Math.max(fate === "retained" ? 0.5 : 0.3, scale));

export const curve = (path: Path2D, ax: number, ay: number, bx: number, by: number): void => {
  path.moveTo(ax, ay);
  path.bezierCurveTo(...descent(ax, ay, bx, by), bx, by);
};

export const dot = (path: Path2D, x: number, y: number, r: number): void => {
  path.moveTo(x + r, y);
  path.arc(x, y, r, 0, 2 * Math.PI);
};

/** Paths by style, made on first use. */
export class Paths {
  readonly all = new Map<string, Path2D>();

  of(style: string): Path2D {
    const known = this.all.get(style);
    if (known) return known;
    const path = new Path2D();
    this.all.set(style, path);
    return path;
  }
}
