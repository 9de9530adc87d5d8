// The legend of the architecture.

import { onPaint } from "./palette.js";
import { type Mark, textWidth } from "./scene.js";

/** Height of a line, in pixels. */
export const LEGEND = 22;

/** From (`x`, `y`), on as many lines as `width` requires. */
export function legend(x: number, y: number, width: number): { marks: Mark[]; lines: number } {
  const items: [Mark[], string][] = [
    [
      [{ kind: "rect", x: 0, y: -8, width: 16, height: 16, r: 8, fill: "root" }],
      "the root's layer, never trained",
    ],
    [
      [{ kind: "rect", x: 0, y: -8, width: 16, height: 16, r: 8, fill: "muted" }],
      "colour: the task that trained it last",
    ],
    [
      [
        { kind: "rect", x: 0, y: -8, width: 28, height: 16, r: 8, fill: "muted" },
        {
          kind: "text",
          x: 14,
          y: 4,
          text: "×2",
          size: 10,
          weight: "bold",
          anchor: "middle",
          fill: onPaint("muted"),
        },
      ],
      "shared by tasks",
    ],
    [
      [
        {
          kind: "rect",
          x: 0,
          y: -8,
          width: 16,
          height: 16,
          r: 8,
          fill: "none",
          stroke: "muted",
          strokeWidth: 1.3,
          dash: "3 2.2",
        },
      ],
      "private",
    ],
  ];
  const marks: Mark[] = [];
  let at = x;
  let line = y;
  for (const [sign, text] of items) {
    const signWidth = text.startsWith("shared") ? 28 : 16;
    const needs = signWidth + 7 + textWidth(text, 11) + 18;
    if (at + needs > width && at > x) {
      at = x;
      line += LEGEND;
    }
    marks.push(
      { kind: "group", x: at, y: line, children: sign },
      { kind: "text", x: at + signWidth + 7, y: line + 4, text, size: 11, fill: "muted" },
    );
    at += needs;
  }
  return { marks, lines: 1 + (line - y) / LEGEND };
}
