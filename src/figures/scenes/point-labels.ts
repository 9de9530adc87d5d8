// Names beside the points of a plot, placed so that they cover nothing.

import type { Paint } from "./palette.js";
import type { PlotArea } from "./plot.js";
import { type Mark, px, textWidth } from "./scene.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

export interface Label {
  /** The label's point, and that point's radius. */
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly text: string;
  readonly size: number;
  readonly weight?: "bold";
  readonly fill: Paint;
  /** Paint of the line to a point without room beside it; `fill` by default. */
  readonly paint?: Paint;
}

/** A label nearer to its point than this, in pixels, needs no line. */
const BESIDE = 4;

/** Possible places of a label: beside its point, above and below it, then further away. */
function placesOf({ x, y, r, text, size, weight }: Label): Box[] {
  const wide = textWidth(text, size, weight);
  const box = (x0: number, y0: number): Box => ({ x0, x1: x0 + wide, y0, y1: y0 + size });
  return [r + 3, r + 12, r + 24].flatMap((far) => [
    box(x + far + 1, y - size / 2),
    box(x - far - 1 - wide, y - size / 2),
    box(x - wide / 2, y - far - size),
    box(x - wide / 2, y + far),
    box(x + far - 3, y - far - size),
    box(x + far - 3, y + far),
    box(x - far + 3 - wide, y - far - size),
    box(x - far + 3 - wide, y + far),
  ]);
}

const overlaps = (a: Box, b: Box): boolean => a.x1 >= b.x0 && a.x0 <= b.x1 && a.y1 >= b.y0 && a.y0 <= b.y1;

/** Places labels by their points, clear of other points, of labels and of the lines of `avoid`; over a line if there is no other room; drops a label if there is none at all. */
export function placeLabels(
  labels: readonly Label[],
  { left, top, width, height }: PlotArea,
  avoid: readonly Box[] = [],
): Mark[] {
  const taken: Box[] = labels.map(({ x, y, r }) => ({ x0: x - r, x1: x + r, y0: y - r, y1: y + r }));
  return labels.flatMap((label, i): Mark[] => {
    const { text, size, weight, fill } = label;
    const free = placesOf(label).filter(
      (box) =>
        box.x0 >= left &&
        box.x1 <= left + width + 18 &&
        box.y0 >= top - 8 && // the axis title is above it
        box.y1 <= top + height &&
        taken.every((other, j) => j === i || !overlaps(box, other)),
    );
    const box = free.find((each) => !avoid.some((line) => overlaps(each, line))) ?? free[0];
    if (!box) return [];
    taken.push(box);
    return [
      ...leader(label, box),
      {
        kind: "text",
        class: "label",
        x: box.x0,
        y: box.y0 + size * 0.85,
        text,
        size,
        fill,
        ...(weight && { weight }),
      },
    ];
  });
}

/** A line from a point to its label if another point could be mistaken for it. */
function leader({ x, y, r, fill, paint = fill }: Label, { x0, x1, y0, y1 }: Box): Mark[] {
  const to = { x: Math.min(x1, Math.max(x0, x)), y: Math.min(y1, Math.max(y0, y)) };
  const far = Math.hypot(to.x - x, to.y - y);
  if (far <= r + BESIDE) return [];
  const from = { x: x + ((to.x - x) * r) / far, y: y + ((to.y - y) * r) / far };
  return [
    {
      kind: "path",
      class: "leader",
      d: linePath([from, to]),
      fill: "none",
      stroke: paint,
      strokeWidth: 1.2,
    },
  ];
}

/** Boxes along the line through `points` that labels must avoid. */
export const alongLine = (points: readonly Point[]): Box[] =>
  points.slice(1).flatMap((to, i) => {
    const from = points[i]!;
    const parts =
      from.x === to.x || from.y === to.y
        ? 1
        : Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 8));
    const at = (part: number) => ({
      x: from.x + ((to.x - from.x) * part) / parts,
      y: from.y + ((to.y - from.y) * part) / parts,
    });
    return Array.from({ length: parts }, (_, part) => {
      const [a, b] = [at(part), at(part + 1)];
      return {
        x0: Math.min(a.x, b.x) - 1,
        x1: Math.max(a.x, b.x) + 1,
        y0: Math.min(a.y, b.y) - 1,
        y1: Math.max(a.y, b.y) + 1,
      };
    });
  });

/** SVG path of the line through `points`. */
export const linePath = (points: readonly Point[]): string =>
  points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${px(x)} ${px(y)}`).join("");
