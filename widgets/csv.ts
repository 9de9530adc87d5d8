// Tables as CSV (RFC 4180). Cells that a spreadsheet would take for a formula get an apostrophe.

import { lineageRows, type State } from "../src/view/live/browser.js";

type Cell = string | number | boolean | null | undefined;

const cell = (value: Cell): string => {
  const text = value == null ? "" : String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** `rows` with a line of names, CRLF ends. */
export function toCsv(rows: readonly Readonly<Record<string, Cell>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => `${line.map(cell).join(",")}\r\n`)
    .join("");
}

export const lineageCsv = (state: State): string => toCsv(lineageRows(state).map((row) => ({ ...row })));
