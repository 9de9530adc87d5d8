// A table in a notebook: an arquero table of the values in full precision, to filter, join and save, that knows how people read
// its columns. What is derived from it knows it too: arquero makes every table of the kind of its source.

import { ColumnTable } from "arquero";
import type { Value } from "../../format/quantities.js";
import { type Quantity, WORDS } from "../../format/quantities.js";
import type { TableView } from "../../format/table.js";

const VIEW = Symbol("mulab.view");

/** The values of `view` as an arquero table with the same columns. */
export function shownTable(view: TableView): ColumnTable {
  class ShownTable extends ColumnTable {
    static readonly [VIEW] = view;
  }
  const columns = view.head.map((head): [string, Value[]] => [head, view.rows.map((row) => row[head])]);
  return new ShownTable(Object.fromEntries(columns), [...view.head]);
}

/** At most `most` rows of `table` as people read them; undefined where it is not of `shownTable`, nor derived from one. */
export function shownView(table: object, most: number): TableView | undefined {
  const view = (table.constructor as { readonly [VIEW]?: TableView })[VIEW];
  if (!view) return undefined;
  const shown = table as ColumnTable;
  const head = shown.columnNames();
  const rows = shown.objects({ limit: most }) as TableView["rows"][number][];
  // A row that is there as it was made has its own words (a number as the paper printed it); others have their columns'.
  const isWhole = head.length === view.head.length && head.every((name) => view.head.includes(name));
  const known = new Map(isWhole ? view.rows.map((row, i) => [keyOf(row, view.head), view.cells[i]!]) : []);
  const places = head.map((name) => view.head.indexOf(name));
  const quantities = head.map((name, i) => view.quantities[places[i]!] ?? quantityOf(rows, name));
  const footnotes = view.footnotes === null ? -1 : places.indexOf(view.footnotes);
  return {
    head,
    quantities,
    rows,
    cells: rows.map((row) => {
      const own = known.get(keyOf(row, view.head));
      return head.map((name, i) => own?.[places[i]!] ?? quantities[i]!.text(row[name]));
    }),
    footnotes: footnotes < 0 ? null : footnotes,
    note: view.note,
  };
}

const keyOf = (row: TableView["rows"][number], head: readonly string[]): string =>
  JSON.stringify(head.map((name) => row[name] ?? null));

/** A column that somebody derived: numbers in a readable length. */
const quantityOf = (rows: TableView["rows"], name: string): Quantity =>
  rows.some((row) => typeof row[name] === "number") ? DERIVED : WORDS;

const DERIVED: Quantity = {
  unit: "a number",
  isNumber: true,
  text: (value) =>
    typeof value === "number" && Number.isFinite(value)
      ? String(Number(value.toPrecision(4)))
      : WORDS.text(value),
};
