// Tables of plain text: aligned, no colours. On a narrow terminal a table is made to fit, because a line that the terminal
// breaks can't be read: first with less room between columns, then with long texts over several lines, then in parts below
// each other, each of which begins with the first column.

import stringWidth from "string-width";
import { plainText } from "./plain.js";

const NUMBER = /^[<>≈+-]?\d[\d.,\s\u202f]*\s?(%|k|M|G|s|min)?$|^–$/;

/** Spaces between two columns, and where room is short. */
const GAP = 2;
const NARROW_GAP = 1;
/** Texts up to this many columns stay on one line. */
const SHORT = 24;

interface Column {
  /** Head first. */
  readonly cells: readonly string[];
  readonly isRight: boolean;
  readonly width: number;
  /** Width of the longest word, and the width down to which texts are broken before columns go below. */
  readonly word: number;
  readonly least: number;
}

/** Columns two spaces apart; those marked in `isNumber`, by default those of numbers, are right-aligned. No line is longer than `width` allows, unless a word is. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isNumber?: readonly boolean[],
  width = Number.POSITIVE_INFINITY,
): string {
  const table = [head, ...rows].map((row) => row.map(plainText));
  const columns = head.map((_, c) => {
    const cells = table.map((row) => row[c] ?? "");
    const isRight =
      isNumber?.[c] ?? (rows.length > 0 && cells.slice(1).every((cell) => cell === "" || NUMBER.test(cell)));
    return columnOf(cells, isRight);
  });
  if (total(columns, GAP) <= width) return drawn(columns, GAP);
  return parts(columns, width)
    .map((part) => drawn(fitted(part, width), NARROW_GAP))
    .join("\n\n");
}

function columnOf(cells: readonly string[], isRight: boolean): Column {
  const width = Math.max(...cells.map((cell) => stringWidth(cell)));
  const longest = (texts: readonly string[]) =>
    Math.max(0, ...texts.flatMap((text) => text.split(" ")).map((word) => stringWidth(word)));
  const [heading, ...values] = cells;
  // Numbers have spaces in them but are one word.
  const word = isRight
    ? Math.max(longest([heading!]), ...values.map((cell) => stringWidth(cell)))
    : longest(cells);
  return { cells, isRight, width, word, least: isRight ? word : Math.max(word, Math.min(SHORT, width)) };
}

const total = (columns: readonly { readonly width: number }[], gap: number): number =>
  columns.reduce((sum, { width }) => sum + width, gap * (columns.length - 1));

/** The columns in groups that fit, each after the first beginning with the table's first column. */
function parts([key, ...others]: readonly Column[], width: number): Column[][] {
  const made = [[key!]];
  for (const column of others) {
    const part = made.at(-1)!;
    const needs = [...part, column].map(({ least }) => ({ width: least }));
    if (part.length > 1 && total(needs, NARROW_GAP) > width) made.push([key!, column]);
    else part.push(column);
  }
  return made;
}

/** Each part as narrow as it must be: the widest column gives way first, a short text last. */
const fitted = (columns: readonly Column[], width: number): Column[] =>
  narrowed(narrowed(columns, width, "least"), width, "word");

function narrowed(columns: readonly Column[], width: number, limit: "least" | "word"): Column[] {
  const made = [...columns];
  for (let over = total(made, NARROW_GAP) - width; over > 0; over--) {
    const room = made.filter((column) => column.width > column[limit]);
    if (room.length === 0) break;
    const widest = room.reduce((most, column) => (column.width > most.width ? column : most));
    made[made.indexOf(widest)] = { ...widest, width: widest.width - 1 };
  }
  return made;
}

function drawn(columns: readonly Column[], gap: number): string {
  const between = " ".repeat(gap);
  const rows = columns[0]!.cells.map((_, row) => {
    const broken = columns.map(({ cells, width }) => wordLines(cells[row]!, width));
    const height = Math.max(...broken.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      columns
        .map(({ isRight, width }, c) => {
          const text = broken[c]![at] ?? "";
          const room = " ".repeat(Math.max(0, width - stringWidth(text)));
          return isRight ? room + text : text + room;
        })
        .join(between)
        .trimEnd(),
    ).join("\n");
  });
  const rule = columns.map(({ width }) => "─".repeat(width)).join(between);
  return [rows[0], rule, ...rows.slice(1)].join("\n");
}

/** `text` in lines of at most `width` columns, broken between words; a longer word is a line by itself. */
export function wordLines(text: string, width: number): string[] {
  if (stringWidth(text) <= width) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line === undefined || stringWidth(line) + 1 + stringWidth(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
