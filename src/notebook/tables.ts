// A table as the value of a cell: formatted as the report formats it, whatever was filtered or sorted, and as aligned text for
// readers of the file. The values stay as they are.

import type { ColumnTable } from "arquero";
import { shownView } from "../figures/tables/shown.js";
import { plural } from "../format/numbers.js";
import { notebookTable } from "../format/table-html.js";
import { plainTable } from "../format/table-text.js";
import { commLayer, type MimeBundle } from "./layer.js";

/** Rows that are shown at most. */
const MOST_ROWS = 200;

/** From now on the kernel shows tables so. */
export function showTables(): void {
  commLayer()?.addRenderer?.(renderTable);
}

/** The table as HTML and as text; undefined for any other value, tables of other origin among them. */
export function renderTable(value: object): MimeBundle | undefined {
  const view = shownView(value, MOST_ROWS);
  if (!view) return undefined;
  const rows = (value as ColumnTable).numRows();
  const counts =
    rows > MOST_ROWS ? `The first ${MOST_ROWS} of ${plural(rows, "row")} × ` : `${plural(rows, "row")} × `;
  const notes = [`${counts}${plural(view.head.length, "column")}`];
  return {
    "text/html": notebookTable(view, notes).text,
    "text/plain": `${plainTable(view)}\n\n${notes[0]}`,
  };
}
