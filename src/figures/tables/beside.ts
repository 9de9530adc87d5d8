// Lines of a table in the papers' layout: our numbers, their deviation, what is published below them, and a verdict for each
// cell. A method that no paper has keeps our lines alone.

import type { Quantity as Counted } from "../../analysis/paper/target.js";
import type { SweepPoint } from "../../analysis/point.js";
import { type PublishedRow, publishedRows, type Verdict } from "../../analysis/sweep/published.js";
import { variantName } from "../../core/variant.js";
import type { Value } from "../../format/quantities.js";

/** The published numbers of `points`' benchmark with ours, found by variant, task (null: all) and what they count. */
export type Published = (variant: string, task: string | null, quantity: Counted) => PublishedRow | undefined;

export function publishedOf(points: readonly SweepPoint[]): Published {
  const known = new Set(points.map(({ variant }) => variantName(variant)));
  const rows = new Map<string, PublishedRow>();
  for (const row of publishedRows(points)) {
    const { variant, task, quantity, from } = row.target;
    if (variant === null || !known.has(variant) || from !== undefined) continue;
    const key = keyOf(variant, task, quantity);
    if (!rows.has(key)) rows.set(key, row);
  }
  return (variant, task, quantity) => rows.get(keyOf(variant, task, quantity));
}

const keyOf = (variant: string, task: string | null, quantity: Counted): string =>
  JSON.stringify([variant, task, quantity]);

/** A published percentage as a share, without what dividing adds to it. */
export const shareOf = (percentage: number): number => Number((percentage / 100).toFixed(9));

export const OURS = "ours";
export const SPREAD = "± std";
export const VERDICT = "verdict";

const MARKS: Readonly<Record<Verdict, string>> = {
  reproduced: "=",
  "within noise": "≈",
  differs: "≠",
  "not comparable": "n/c",
};

/** A verdict as a cell has room for it; nothing where `value` is none. */
export const markOf = (value: Value): string =>
  MARKS[value as Verdict] ?? (value == null ? "" : String(value));

/** What the marks mean, where any of `rows` is one. */
export const marksNote = (hasVerdicts: boolean): string =>
  hasVerdicts
    ? ' Below ours: what the paper publishes, and a verdict: "=" reproduced, within the published ± or rounding; "≈" within noise, the 95 % interval of the difference includes 0; "≠" differs; "n/c" not comparable, for the reasons in the table "published".'
    : "";
