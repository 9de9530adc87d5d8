// A table before it is printed: raw rows (for CSV, JSON and notebooks), and columns that say how to show them to people.

import { formatPercent } from "./numbers.js";

export type Rows = readonly object[];

export interface Column<Row> {
  readonly head: string;
  readonly text: (row: Row) => string;
  /** Long texts, which become footnotes if there is little room. */
  readonly isFootnote?: true;
}

/** A table: its data, and its text for people. */
export interface TableView {
  readonly rows: Rows;
  readonly head: readonly string[];
  readonly cells: readonly (readonly string[])[];
  /** The column whose texts become footnotes, if any. */
  readonly footnotes: number | null;
  /** A note for the reader. */
  readonly note: string;
}

/** `rows` as `columns` print them; `data`, if given, replaces them for CSV, JSON and notebooks. */
export const view = <Row extends object>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  note = "",
  data: Rows = rows,
): TableView => ({
  rows: data,
  head: columns.map(({ head }) => head),
  cells: rows.map((row) => columns.map(({ text }) => text(row))),
  footnotes: columns.some(({ isFootnote }) => isFootnote)
    ? columns.findIndex(({ isFootnote }) => isFootnote)
    : null,
  note,
});

/** A number with `digits` decimals; "–" where there is none. */
export const fixed = (value: number | null | undefined, digits: number): string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? "–"
    : value.toFixed(digits).replace("-", "−");

/** A count in millions with three decimals; "–" where there is none. */
export const millions = (count: number | null): string => fixed(count === null ? null : count / 1e6, 3);

/** With its sign. */
export const signed = (value: number | null, digits: number): string =>
  value === null || !Number.isFinite(value)
    ? "–"
    : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

/** "[low, high]" of an interval; "–" where there is none. */
export const span = (
  { low, high }: { readonly low: number | null; readonly high: number | null },
  digits: number,
): string => (low === null || high === null ? "–" : `[${signed(low, digits)}, ${signed(high, digits)}]`);

/** A share in [0, 1] as a plain percentage; "–" where it is not a number. */
export const percent = (share: number, digits = 2): string =>
  Number.isFinite(share) ? formatPercent(share, digits).replace(/\s?%$/, "") : "–";

/** A mean ± its deviation, both shares, as percentages; for a single run there is no ±. */
export const spread = (mean: number, std: number, runs: number, digits: number): string =>
  runs < 2 ? percent(mean, digits) : `${percent(mean, digits)} ± ${percent(std, digits)}`;

/** 1.23e12 as "1.23 T": operations and examples. */
export function scaled(value: number): string {
  const units = ["", "k", "M", "G", "T", "P", "E"];
  let [n, unit] = [value, 0];
  while (n >= 1000 && unit < units.length - 1) [n, unit] = [n / 1000, unit + 1];
  return `${n >= 100 || unit === 0 ? n.toFixed(0) : n.toPrecision(3)} ${units[unit]}`.trim();
}
