// Rows as plain columns: the fields of an object become columns (`gap.low`), a list becomes JSON.

import type { CsvCell, CsvRow } from "../format/csv.js";
import type { Rows } from "../format/table.js";

/** `rows`, flat; each row has all columns, null where it lacks one, because readers of a table look only at its first row. */
export function flatRows(rows: Rows): CsvRow[] {
  const plain = rows.map(flat);
  const columns = [...new Set(plain.flatMap((row) => Object.keys(row)))];
  const isEmpty = (column: string): boolean => plain.every((row) => row[column] == null);
  // An object that some rows lack (an interval of one run) appears as its parts.
  const kept = columns.filter(
    (column) => !(isEmpty(column) && columns.some((other) => other.startsWith(`${column}.`))),
  );
  return plain.map((row) => Object.fromEntries(kept.map((column) => [column, row[column] ?? null])));
}

function flat(row: object): Record<string, CsvCell> {
  const plain: Record<string, CsvCell> = {};
  for (const [key, value] of Object.entries(row)) {
    if (Array.isArray(value)) plain[key] = JSON.stringify(value);
    else if (typeof value === "object" && value !== null)
      for (const [inner, part] of Object.entries(flat(value))) plain[`${key}.${inner}`] = part;
    else plain[key] = value;
  }
  return plain;
}
