// A table as a picture, for viewers that show no HTML.

import { elide } from "../../format/names.js";
import { plural } from "../../format/numbers.js";
import type { Paint } from "./palette.js";
import { type Mark, type Scene, textWidth } from "./scene.js";

export interface TableColumn {
  readonly title: string;
  readonly isText?: boolean;
  readonly isBold?: boolean;
}

export interface TableRow {
  /** A dot before the first cell. */
  readonly paint?: Paint;
  readonly cells: readonly string[];
}

const ROW = 27;
const PAD = 18;
const NOTE = 11;
const NOTE_ROW = 17;
/** Most letters of a cell. */
const LETTERS = 32;
/** Most rows of a picture; the CSV has all. */
const MOST = 60;

/** `note` is said below the table. */
export function tableScene(
  title: string,
  columns: readonly TableColumn[],
  all: readonly TableRow[],
  note = "",
): Scene {
  const rows = all.slice(0, MOST);
  const rest = all.length - rows.length;
  const wide = columns.map(({ title: name, isBold }, i) =>
    Math.max(
      textWidth(name, 11),
      ...rows.map(({ cells }) =>
        textWidth(elide(cells[i] ?? "", LETTERS), 12, isBold || i === 0 ? "bold" : "normal"),
      ),
    ),
  );
  const lefts: number[] = [];
  let x = 26;
  for (const each of wide) {
    lefts.push(x);
    x += each + PAD;
  }
  const cell = (text: string, i: number, y: number, look: Partial<Mark & { kind: "text" }>): Mark => ({
    kind: "text",
    x: columns[i]!.isText ? lefts[i]! : lefts[i]! + wide[i]!,
    y,
    text: elide(text, LETTERS),
    size: 12,
    fill: "ink",
    ...(columns[i]!.isText ? {} : { anchor: "end" as const }),
    ...look,
  });
  const body = rows.flatMap(({ paint, cells }, r): Mark[] => {
    const y = 30 + r * ROW;
    return [
      { kind: "path", d: `M8 ${y}H${x}`, fill: "none", stroke: "faint", strokeWidth: 1 },
      ...(paint ? [{ kind: "circle", x: 15, y: y + ROW / 2, r: 4.5, fill: paint } as const] : []),
      ...cells.map((text, i) => cell(text, i, y + ROW / 2 + 4, columns[i]!.isBold ? { weight: "bold" } : {})),
    ];
  });
  const notes = [
    ...(rest > 0 ? [`and ${plural(rest, "more row")}; the CSV has all`] : []),
    ...(note ? [note] : []),
  ];
  const bottom = 30 + rows.length * ROW;
  return {
    width: Math.max(x + 8, ...notes.map((text) => 26 + textWidth(text, NOTE) + 8)),
    height: bottom + (notes.length > 0 ? ROW + (notes.length - 1) * NOTE_ROW : 10),
    title,
    description: [
      ...rows.map(({ cells }) => `${columns.map(({ title: name }, i) => `${name} ${cells[i]}`).join(", ")}.`),
      ...(note ? [note] : []),
    ].join(" "),
    children: [
      ...columns.map(({ title: name }, i) => cell(name, i, 18, { size: 11, fill: "muted" })),
      ...body,
      ...notes.map(
        (text, i): Mark => ({
          kind: "text",
          x: 26,
          y: bottom + 17 + i * NOTE_ROW,
          text,
          size: NOTE,
          fill: "muted",
        }),
      ),
    ],
  };
}
