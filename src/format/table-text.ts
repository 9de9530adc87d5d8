// A table as text: aligned for a terminal with long texts as footnotes, or as Markdown.

import { type TableView, withFootnotes } from "./table.js";
import { textTable, wordLines } from "./terminal-table.js";

/** For a terminal of `width` columns; for a file or a cell, every line whole. */
export function plainTable(view: TableView, width = Number.POSITIVE_INFINITY): string {
  const { head, footnotes, note, quantities } = view;
  if (view.cells.length === 0) return ["(no rows)", note].filter(Boolean).join("\n\n");
  const { cells, texts } = withFootnotes(view);
  const heads = head.map((text, column) => (column === footnotes ? `${text} ↓` : text));
  const notes = texts.map((text, i) => {
    const mark = `${i + 1}  `;
    return mark + wordLines(text, width - mark.length).join(`\n${" ".repeat(mark.length)}`);
  });
  return [
    textTable(
      heads,
      cells,
      quantities.map(({ isNumber }) => isNumber),
      width,
    ),
    ...(notes.length > 0 ? [notes.join("\n")] : []),
    ...(note ? [wordLines(note, width).join("\n")] : []),
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
