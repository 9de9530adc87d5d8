// Rows as CSV (RFC 4180), for files and for the browser's downloads.

export type CsvCell = string | number | boolean | null | undefined;

/** Rows of plain values: text, numbers, booleans or null. */
export type CsvRow = Readonly<Record<string, CsvCell>>;

/** `rows` below a header of `names`, by default every name in any row; lines end with `end`. */
export function toCsv(
  rows: readonly CsvRow[],
  end = "\r\n",
  names: readonly string[] = [...new Set(rows.flatMap((row) => Object.keys(row)))],
): string {
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => `${line.map(cell).join(",")}${end}`)
    .join("");
}

/** Prefixes an apostrophe to text that a spreadsheet would take for a formula: task names can come from anywhere. */
const cell = (value: CsvCell): string => {
  const text = value == null ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
