// Tables of plain text: aligned, no colours, readable at 100 columns.

import stringWidth from "string-width";
import { plainText } from "./plain.js";

const NUMBER = /^[<>≈+-]?\d[\d.,\s\u202f]*\s?(%|k|M|G|s|min)?$|^–$/;

/** Columns two spaces apart; those marked in `isNumber`, by default those of numbers, are right-aligned. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  isNumber?: readonly boolean[],
): string {
  const cells = [head, ...rows].map((row) => row.map(plainText));
  const widths = head.map((_, c) => Math.max(...cells.map((row) => stringWidth(row[c] ?? ""))));
  const right = head.map(
    (_, c) =>
      isNumber?.[c] ??
      (rows.length > 0 && rows.every((row) => row[c] === "" || NUMBER.test(plainText(row[c] ?? "")))),
  );
  const line = (row: readonly string[]) =>
    widths
      .map((width, c) => {
        const cell = row[c] ?? "";
        const room = " ".repeat(width - stringWidth(cell));
        return right[c] ? room + cell : cell + room;
      })
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(cells[0]!), rule, ...cells.slice(1).map(line)].join("\n");
}
