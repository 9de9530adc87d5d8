// Axes for scenes: round ticks, grid lines, and where a value stands.

import type { Paint } from "../palette.js";
import { type Mark, textWidth } from "../scene.js";

export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them over low…high. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) ticks.push(i * step);
  return ticks;
}

/** An axis for `values` with some air around them, from pixel `from` to pixel `to`. */
export function axisFor(
  values: readonly number[],
  from: number,
  to: number,
  limits: readonly [number, number],
  count = 5,
): Axis {
  const finite = values.filter(Number.isFinite);
  const least = finite.length > 0 ? Math.min(...finite) : limits[0];
  const most = finite.length > 0 ? Math.max(...finite) : limits[1];
  const air = (most - least || Math.abs(most) || 1) * 0.08;
  const low = Math.max(limits[0], least - air);
  const high = Math.min(limits[1], most + air);
  const span = high - low || 1;
  return { at: (value) => from + ((to - from) * (value - low)) / span, ticks: roundTicks(low, high, count) };
}

export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Grid, numbers and titles. */
export function axisMarks(
  { left, top, width, height }: PlotArea,
  x: Axis,
  y: Axis,
  texts: {
    readonly x: (value: number) => string;
    readonly y: (value: number) => string;
    readonly xTitle: string;
    readonly yTitle: string;
  },
): Mark[] {
  const line = (d: string): Mark => ({
    kind: "path",
    d,
    fill: "none",
    stroke: "faint",
    strokeWidth: 1,
    opacity: 0.7,
  });
  return [
    ...x.ticks.flatMap((value): Mark[] => [
      line(`M${x.at(value).toFixed(1)} ${top}V${top + height}`),
      {
        kind: "text",
        x: x.at(value),
        y: top + height + 17,
        text: texts.x(value),
        size: 11,
        anchor: "middle",
        fill: "muted",
      },
    ]),
    ...y.ticks.flatMap((value): Mark[] => [
      line(`M${left} ${y.at(value).toFixed(1)}H${left + width}`),
      {
        kind: "text",
        x: left - 8,
        y: y.at(value) + 4,
        text: texts.y(value),
        size: 11,
        anchor: "end",
        fill: "muted",
      },
    ]),
    {
      kind: "text",
      x: left + width / 2,
      y: top + height + 36,
      text: texts.xTitle,
      size: 12,
      anchor: "middle",
      fill: "muted",
    },
    { kind: "text", x: left - 44, y: top - 14, text: texts.yTitle, size: 12, fill: "muted" },
  ];
}

export interface Box {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

export interface Label {
  /** The point it belongs to, and that point's radius. */
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly text: string;
  readonly size: number;
  readonly weight?: "bold";
  readonly fill: Paint;
}

/** Labels beside their points: right, left, below or above, whichever is free first; one that fits nowhere is left out. */
export function placeLabels(
  labels: readonly Label[],
  { left, top, width, height }: PlotArea,
  avoid: readonly Box[] = [],
): Mark[] {
  const own = labels.map(({ x, y, r }) => ({ x0: x - r, x1: x + r, y0: y - r, y1: y + r }));
  const taken: Box[] = [...own, ...avoid];
  return labels.flatMap((label, i): Mark[] => {
    const { x, y, r, text, size, weight, fill } = label;
    const wide = textWidth(text, size) * 1.06;
    const places = [
      { x0: x + r + 4, y0: y - size / 2 },
      { x0: x - r - 4 - wide, y0: y - size / 2 },
      { x0: x - wide / 2, y0: y - r - size - 4 },
      { x0: x - wide / 2, y0: y + r + 4 },
      { x0: x + r, y0: y - r - size },
      { x0: x + r, y0: y + r },
    ];
    for (const { x0, y0 } of places) {
      const box = { x0, x1: x0 + wide, y0, y1: y0 + size };
      if (box.x0 < left || box.x1 > left + width + 18 || box.y0 < top - 20 || box.y1 > top + height) continue;
      const isFree = taken.every(
        (other, j) =>
          j === i || box.x1 < other.x0 || box.x0 > other.x1 || box.y1 < other.y0 || box.y0 > other.y1,
      );
      if (!isFree) continue;
      taken.push(box);
      return [
        {
          kind: "text",
          class: "label",
          x: x0,
          y: y0 + size * 0.85,
          text,
          size,
          fill,
          ...(weight && { weight }),
        },
      ];
    }
    return [];
  });
}

/** A spread of ± `dx`, ± `dy` around (x, y), in pixels. */
export const errorBars = (x: number, y: number, dx: number, dy: number): Mark => ({
  kind: "path",
  class: "spread",
  d: `M${(x - dx).toFixed(1)} ${y.toFixed(1)}H${(x + dx).toFixed(1)}M${x.toFixed(1)} ${(y - dy).toFixed(1)}V${(y + dy).toFixed(1)}`,
  fill: "none",
  stroke: "muted",
  strokeWidth: 1.4,
});
