// A table as text: aligned for a terminal with long texts as footnotes, or as Markdown.

import { type TableView, withFootnotes } from "./table.js";
import { textTable } from "./terminal-table.js";

/** For a terminal. */
export function plainTable(view: TableView): string {
  const { head, footnotes, note, quantities } = view;
  if (view.cells.length === 0) return ["(no rows)", note].filter(Boolean).join("\n\n");
  const { cells, texts } = withFootnotes(view);
  const heads = head.map((text, column) => (column === footnotes ? `${text} ↓` : text));
  const notes = texts.map((text, i) => `${i + 1}  ${text}`);
  return [
    textTable(
      heads,
      cells,
      quantities.map(({ isNumber }) => isNumber),
    ),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    ...(note ? [note] : []),
  ].join("\n\n");
}

/** As a Markdown table. */
export function markdownTable({ head, cells, note, quantities }: TableView): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  const rule = quantities.map(({ isNumber }) => (isNumber ? " ---: |" : " --- |")).join("");
  const table = [line(head), `|${rule}`, ...cells.map(line)].join("\n");
  return note === "" ? table : `${table}\n\n${note}`;
}
