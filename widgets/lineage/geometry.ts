// The lineage's layout (src/figures/scenes/lineage-layout) on an endless sheet, as arrays that are fast to draw and to
// search: nodes in the order of columns, each with the edge to its nearest visible ancestor.

import { type Fate, fateOf, type Lineage } from "../../src/analysis/children.js";
import type { LineageLayout } from "../../src/figures/scenes/lineage-layout.js";
import type { ModelId } from "../../src/wire/browser.js";

const ROW = 21;
const BAND_GAP = 10;
/** Width of columns if there are many; few columns are wider, so that a name fits over its activation. */
const COLUMN = 30;
const WIDEST = 48;
const BAND = 104;
/** Width up to which a sheet counts as small. */
const SHEET = 900;
export const LEFT = 46;
export const TOP = 74;

type Band = LineageLayout["bands"][number];

export interface GeometryBand extends Band {
  readonly x: number;
  readonly width: number;
}

/**
 * Sheet to canvas: pixels = (sheet - offset) * scale. Zooming far out shrinks only the width: generations become stripes in
 * which the kept models are still visible. */
export interface Sight {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly scaleY: number;
  /** Size of the canvas, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly foot: number;
  readonly count: number;
  readonly id: Int32Array;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Node from which each edge comes; -1 if none. */
  readonly from: Int32Array;
  /** Whether ancestors are folded between the two ends of the edge. */
  readonly skips: Uint8Array;
  readonly task: Int16Array;
  readonly fate: readonly Fate[];
  readonly surviving: Uint8Array;
  /** First node of each column, and one past the last. */
  readonly columnStart: Int32Array;
  readonly columnX: Float32Array;
  readonly folded: readonly number[];
  readonly bands: readonly GeometryBand[];
  readonly indexOf: ReadonlyMap<ModelId, number>;
}

/** If `layout` is a moment of a run, `whole` is the layout of the whole run, whose widths are used. */
export function geometryOf(lineage: Lineage, layout: LineageLayout, whole = layout): Geometry {
  const { nodes, bands, columns, rows, folded, surviving } = layout;
  const wide = columnWidth(whole);
  const bandOf = new Int32Array(columns).fill(-1);
  for (const [i, { firstColumn, columns: many }] of whole.bands.entries())
    bandOf.fill(i, firstColumn, firstColumn + many);
  const columnX = Float32Array.from({ length: columns }, (_, column) =>
    column === 0 ? LEFT - 18 : LEFT + (column - 0.5) * wide + (bandOf[column]! + 1) * BAND_GAP,
  );
  const count = nodes.length;
  const indexOf = new Map(nodes.map(({ id }, i) => [id, i]));
  const from = new Int32Array(count).fill(-1);
  const skips = new Uint8Array(count);
  const columnStart = new Int32Array(columns + 1).fill(count);
  for (let i = count - 1; i >= 0; i--) {
    columnStart[nodes[i]!.column] = i;
    const parent = lineage.parent[nodes[i]!.id]!;
    let at = parent;
    while (at >= 0 && !indexOf.has(at)) at = lineage.parent[at]!;
    from[i] = at < 0 ? -1 : indexOf.get(at)!;
    skips[i] = at === parent ? 0 : 1;
  }
  for (let column = columns - 1; column >= 0; column--)
    columnStart[column] = Math.min(columnStart[column]!, columnStart[column + 1]!);
  const bottom = TOP + (rows - 1) * ROW + 20;
  return {
    width: (columnX[columns - 1] ?? LEFT) + wide / 2 + BAND_GAP,
    height: bottom + 22,
    foot: bottom,
    count,
    id: Int32Array.from(nodes, ({ id }) => id),
    x: Float32Array.from(nodes, ({ column }) => columnX[column]!),
    y: Float32Array.from(nodes, ({ row }) => TOP + row * ROW),
    from,
    skips,
    task: Int16Array.from(nodes, ({ id }) => lineage.task[id]!),
    fate: nodes.map(({ id }) => fateOf(lineage, id)),
    surviving: Uint8Array.from(nodes, ({ id }) => (surviving.has(id) ? 1 : 0)),
    columnStart,
    columnX,
    folded,
    bands: bands.map((band) => ({
      ...band,
      x: columnX[band.firstColumn]! - wide / 2,
      width: band.columns * wide,
    })),
    indexOf,
  };
}

function columnWidth({ detail, columns, bands }: LineageLayout): number {
  if (detail === "survivors") return Math.max(54, Math.min(BAND, (2 * SHEET) / columns));
  const perBand = Math.max(1, ...bands.slice(0, -1).map((band) => band.columns)); // the last one may still grow
  const roomy = Math.min(WIDEST, SHEET / columns);
  return Math.max(COLUMN, roomy, Math.min(BAND / perBand, (2 * SHEET) / columns));
}

/** First and one past the last column that touch x0…x1. */
export function columnsBetween({ columnX }: Geometry, x0: number, x1: number): [number, number] {
  const search = (x: number) => {
    let low = 0;
    let high = columnX.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (columnX[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [search(x0), search(x1)];
}

/** The node nearest to (x, y) in pixels, within `reach`, or -1. */
export function nodeAt(geometry: Geometry, sight: Sight, x: number, y: number, reach: number): number {
  const at = sight.x + x / sight.scale;
  const [first, last] = columnsBetween(geometry, at - reach / sight.scale, at + reach / sight.scale);
  let best = -1;
  let least = reach * reach;
  for (let i = geometry.columnStart[first]!; i < geometry.columnStart[last]!; i++) {
    const dx = (geometry.x[i]! - sight.x) * sight.scale - x;
    const dy = (geometry.y[i]! - sight.y) * sight.scaleY - y;
    const distance = dx * dx + dy * dy;
    if (distance > least) continue;
    best = i;
    least = distance;
  }
  return best;
}
