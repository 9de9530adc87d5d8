// Axes for scenes: round ticks, grid lines, and the place of a value.

import type { Mark } from "./scene.js";

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

export interface AxisOptions {
  /** Values never exceed them. */
  readonly limits: readonly [number, number];
  /** The least range of the axis: smaller differences would look larger than they are. */
  readonly least?: number;
  /** About how many ticks. */
  readonly count?: number;
}

/** An axis for `values` with some air around them, from pixel `from` to pixel `to`. */
export function axisFor(
  values: readonly number[],
  from: number,
  to: number,
  { limits, least: leastSpan = 0, count = 5 }: AxisOptions,
): Axis {
  const finite = values.filter(Number.isFinite);
  const least = finite.length > 0 ? Math.min(...finite) : limits[0];
  const most = finite.length > 0 ? Math.max(...finite) : limits[1];
  // Values that differ only by rounding count as one; there would be no end of ticks between them.
  const spread = most - least > 1e-6 * Math.abs(most) ? most - least : Math.abs(most) || 1;
  const air = spread * 0.08;
  const [low, high] = atLeast(
    Math.max(limits[0], least - air),
    Math.min(limits[1], most + air),
    leastSpan,
    limits,
  );
  const span = high - low || 1;
  return { at: (value) => from + ((to - from) * (value - low)) / span, ticks: roundTicks(low, high, count) };
}

/** low…high, widened on both sides to `least` within `limits`. */
function atLeast(
  low: number,
  high: number,
  least: number,
  [bottom, top]: readonly [number, number],
): [number, number] {
  const more = Math.max(0, least - (high - low)) / 2;
  const [down, up] = [Math.max(bottom, low - more), Math.min(top, high + more)];
  // What one end can't extend, the other does.
  return [Math.max(bottom, Math.min(down, up - least)), Math.min(top, Math.max(up, down + least))];
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
    readonly x: (ticks: readonly number[]) => (value: number) => string;
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
  const xText = texts.x(x.ticks);
  return [
    ...x.ticks.flatMap((value): Mark[] => [
      line(`M${x.at(value).toFixed(1)} ${top}V${top + height}`),
      {
        kind: "text",
        x: x.at(value),
        y: top + height + 17,
        text: xText(value),
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

/** A spread of ± `dx`, ± `dy` around (x, y), in pixels. */
export const errorBars = (x: number, y: number, dx: number, dy: number): Mark => ({
  kind: "path",
  class: "spread",
  d: `M${(x - dx).toFixed(1)} ${y.toFixed(1)}H${(x + dx).toFixed(1)}M${x.toFixed(1)} ${(y - dy).toFixed(1)}V${(y + dy).toFixed(1)}`,
  fill: "none",
  stroke: "muted",
  strokeWidth: 1.4,
});
