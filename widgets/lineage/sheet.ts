// The visible part of the lineage's endless sheet.

import type { Geometry, Sight } from "./geometry.js";

/** What stays in sight while the tree grows and the page changes its width. */
export type Follows = "all" | "newest";

export interface Sheet {
  x: number;
  y: number;
  scale: number;
  width: number;
  height: number;
  /** Nothing, once the user has moved the sheet. */
  follows: Follows | undefined;
}

/** Rows stay this far apart at any scale. */
const LEAST_Y = 0.85;

const scaleY = (scale: number): number => Math.max(LEAST_Y, scale);

export const sightOf = ({ x, y, scale, width, height }: Sheet): Sight => ({
  x,
  y,
  scale,
  scaleY: scaleY(scale),
  width,
  height,
});

/** Height in pixels that shows all rows. */
export const heightOf = ({ height }: Geometry, scale: number): number =>
  Math.round(Math.min(HIGHEST, Math.max(180, height * Math.min(1.2, scaleY(scale)))));

/** The smallest scale at which names and dots are readable. */
const LEGIBLE = 0.6;
/** Most pixels of height. */
const HIGHEST = 440;

/** Whether the whole tree fits into `width` pixels and stays readable. */
export const fits = ({ width: wide, height }: Geometry, width: number): boolean =>
  wide * LEGIBLE <= width && height * LEAST_Y <= HIGHEST;

/** Shows the whole tree or, if that would be too small to read, its newest end. */
export function fitTo(sheet: Sheet, geometry: Geometry, to: Follows): void {
  const whole = sheet.width / Math.max(1, geometry.width);
  sheet.scale = Math.min(1.15, to === "all" || whole >= LEGIBLE ? whole : 0.85);
  sheet.y = 0;
  sheet.x = Math.max(0, geometry.width - sheet.width / sheet.scale);
  if (sheet.x === 0) sheet.x = Math.min(0, (geometry.width - sheet.width / sheet.scale) / 2);
  sheet.follows = to;
}

/** Moves by pixels. */
export function pan(sheet: Sheet, geometry: Geometry, dx: number, dy: number): void {
  sheet.x += dx / sheet.scale;
  sheet.y += dy / scaleY(sheet.scale);
  sheet.follows = undefined;
  clamp(sheet, geometry);
}

/** Zooms by `factor` around pixel (x, y). */
export function zoom(sheet: Sheet, geometry: Geometry, factor: number, x: number, y: number): void {
  const scale = Math.min(3, Math.max(0.01, sheet.scale * factor));
  sheet.x += x / sheet.scale - x / scale;
  sheet.y += y / scaleY(sheet.scale) - y / scaleY(scale);
  sheet.scale = scale;
  sheet.follows = undefined;
  clamp(sheet, geometry);
}

/** Scrolls node `index` into sight. */
export function reveal(sheet: Sheet, geometry: Geometry, index: number): void {
  const margin = Math.min(60, sheet.width / 4);
  const left = (geometry.x[index]! - sheet.x) * sheet.scale;
  // Not beyond the ends of the tree, where there is nothing to show.
  const end = geometry.width - sheet.width / sheet.scale;
  let x = sheet.x;
  if (left < margin) x = Math.max(x - (margin - left) / sheet.scale, Math.min(x, 0));
  else if (left > sheet.width - margin)
    x = Math.min(x + (left - sheet.width + margin) / sheet.scale, Math.max(x, end));
  if (x === sheet.x) return;
  sheet.x = x;
  sheet.follows = undefined;
}

function clamp(sheet: Sheet, { width, height }: Geometry): void {
  const air = 40 / sheet.scale;
  const spanX = sheet.width / sheet.scale;
  const spanY = sheet.height / scaleY(sheet.scale);
  sheet.x = Math.min(Math.max(sheet.x, Math.min(0, width - spanX) - air), Math.max(0, width - spanX) + air);
  sheet.y = spanY >= height ? 0 : Math.min(Math.max(sheet.y, 0), height - spanY);
}
