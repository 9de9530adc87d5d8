// The legend of the lineage, below the still picture and the live one.

import { privateRing } from "./marks.js";
import { type Mark, textWidth } from "./scene.js";

const dot = (r: number, more: object): Mark =>
  ({ kind: "circle", x: 6, y: -4, r, fill: "muted", ...more }) as Mark;

const line = (more: object): Mark =>
  ({ kind: "path", d: "M-2 -4H14", fill: "none", stroke: "muted", ...more }) as Mark;

const ITEMS: readonly (readonly [readonly Mark[], string])[] = [
  [[dot(6.5, {}), { kind: "circle", x: 6, y: -4, r: 2.3, fill: "surface" }], "retained"],
  [[dot(4.6, { opacity: 0.75 })], "kept, then dropped"],
  [[dot(3.4, { fill: "none", stroke: "muted", strokeWidth: 1.2 })], "discarded"],
  [
    [
      {
        kind: "path",
        d: "M2.8 -7.2L9.2 -0.8M2.8 -0.8L9.2 -7.2",
        fill: "none",
        stroke: "alert",
        strokeWidth: 1.8,
      },
    ],
    "failed",
  ],
  [[dot(4, {}), privateRing(6, -4, 7, "muted")], "private"],
  [[line({ strokeWidth: 2.6 })], "lines of the retained"],
  [[line({ strokeWidth: 1.3, dash: "4 3" })], "generations between not shown"],
];

const widthOf = (text: string): number => 20 + textWidth(text, 11) + 14;

/** Width of the legend on one line, in pixels. */
export const LEGEND_WIDTH: number = ITEMS.reduce((sum, [, text]) => sum + widthOf(text), 0);

/** The legend from (0, 0) to the right; `y` is the baseline of its words. */
export function lineageLegend(): Mark[] {
  let at = 0;
  return ITEMS.flatMap(([sign, text]): Mark[] => {
    const x = at;
    at += widthOf(text);
    return [
      { kind: "group", x, children: sign },
      { kind: "text", x: x + 20, y: 0, text, size: 11, fill: "muted" },
    ];
  });
}

/** Each entry by itself, for a page that wraps them. */
export const legendEntries = (): readonly { readonly sign: readonly Mark[]; readonly text: string }[] =>
  ITEMS.map(([sign, text]) => ({ sign, text }));
