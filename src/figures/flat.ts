// Rows as plain columns: what is inside an object becomes columns of its own (`gap.low`), a list becomes JSON.

import type { Rows } from "./drawing.js";

export const flatRows = (rows: Rows): Record<string, unknown>[] => rows.map(flat);

function flat(row: object): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(row)) {
    if (Array.isArray(value)) plain[key] = JSON.stringify(value);
    else if (typeof value === "object" && value !== null)
      for (const [inner, part] of Object.entries(flat(value))) plain[`${key}.${inner}`] = part;
    else plain[key] = value;
  }
  return plain;
}
