// A table as text: aligned for a terminal with long texts as footnotes, or as Markdown.

import type { TableView } from "./table.js";
import { textTable } from "./terminal-table.js";

/** For a terminal. */
export function plainTable({ head, cells, footnotes, note }: TableView): string {
  if (cells.length === 0) return ["(no rows)", note].filter(Boolean).join("\n\n");
  const texts: string[] = [];
  const numbered = cells.map((row) =>
    row.map((cell, column) => {
      if (column !== footnotes || cell === "") return cell;
      if (!texts.includes(cell)) texts.push(cell);
      return String(texts.indexOf(cell) + 1);
    }),
  );
  const heads = head.map((text, column) => (column === footnotes ? `${text} ↓` : text));
  const notes = texts.map((text, i) => `${i + 1}  ${text}`);
  return [
    textTable(heads, numbered),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    ...(note ? [note] : []),
  ].join("\n\n");
}

/** As a Markdown table. */
export function markdownTable({ head, cells, note }: TableView): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const table = [line(head), `|${head.map(() => " --- |").join("")}`, ...cells.map(line)].join("\n");
  return note === "" ? table : `${table}\n\n${note}`;
}
