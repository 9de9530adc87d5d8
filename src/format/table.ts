// A table before it is printed: its columns, their values for CSV, JSON and notebooks, and their texts for people. Both have
// the same columns under the same names, wherever the table is shown.

import { type Quantity, type Value, WORDS } from "./quantities.js";

export type Rows = readonly object[];

export interface Column<Row> {
  readonly head: string;
  /** What its values count; words by default. */
  readonly of?: Quantity;
  /** In full precision, in the unit of `of`. */
  readonly value: (row: Row) => Value;
  /** Its text, if that depends on more than the value. */
  readonly text?: (row: Row) => string;
  /** Whether its long texts become footnotes. */
  readonly isFootnote?: true;
}

/** A row of values by the heads of their columns. */
export type TableRow = Readonly<Record<string, Value>>;

/** A table: its data, and its text for people. */
export interface TableView {
  readonly head: readonly string[];
  /** What each column counts, in the order of `head`. */
  readonly quantities: readonly Quantity[];
  readonly rows: readonly TableRow[];
  readonly cells: readonly (readonly string[])[];
  /** The column whose texts become footnotes, if any. */
  readonly footnotes: number | null;
  /** A note for the reader. */
  readonly note: string;
}

/** `rows` in `columns`. A repeated head (a task may be called "method") gets a number. */
export function view<Row>(rows: readonly Row[], columns: readonly Column<Row>[], note = ""): TableView {
  const head = apart(columns.map((column) => column.head));
  const footnotes = columns.findIndex(({ isFootnote }) => isFootnote);
  const quantities = columns.map(({ of }) => of ?? WORDS);
  return {
    head,
    quantities,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map(({ value }, i) => [head[i]!, value(row) ?? null])),
    ),
    cells: rows.map((row) =>
      columns.map(({ value, text }, i) => (text ? text(row) : quantities[i]!.text(value(row)))),
    ),
    footnotes: footnotes < 0 ? null : footnotes,
    note,
  };
}

/** `names` made distinct: "a", "a 2". */
function apart(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let i = 2; taken.has(own); i++) own = `${name} ${i}`;
    taken.add(own);
    return own;
  });
}

/** The footnotes' texts, and the cells with footnote numbers in their place. */
export function withFootnotes({ cells, footnotes }: Pick<TableView, "cells" | "footnotes">): {
  readonly cells: readonly (readonly string[])[];
  readonly texts: readonly string[];
} {
  const texts: string[] = [];
  const numbered = cells.map((row) =>
    row.map((cell, column) => {
      if (column !== footnotes || cell === "" || cell === "–") return cell;
      if (!texts.includes(cell)) texts.push(cell);
      return String(texts.indexOf(cell) + 1);
    }),
  );
  return { cells: numbered, texts };
}
