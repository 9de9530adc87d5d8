// The published numbers beside ours, with a verdict.

import type { SweepPoint } from "../../analysis/point.js";
import { publishedRows } from "../../analysis/sweep/published.js";
import { fixed, signed, span, type TableView, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { publishedValue, quantityText, targetColumns } from "./published-numbers.js";

export const published = pointsTable(
  {
    name: "published",
    title: "every published number beside ours, with a verdict",
    paper: "all of both papers",
    of: "both",
  },
  publishedTable,
);

/** Every published number of the points' benchmarks beside theirs. */
function publishedTable(points: readonly SweepPoint[]): TableView {
  const rows = publishedRows(points);
  const counts = new Map<string, number>();
  for (const { verdict } of rows) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const tally = [...counts].map(([verdict, count]) => `${count} ${verdict}`).join(", ");
  const note =
    rows.length === 0
      ? "The papers print no numbers for this experiment."
      : `${tally}. Reproduced: within the published ± (or rounding, where there is none); within noise: the 95 % interval of the difference includes 0; differs: it does not.`;
  return view(
    rows,
    [
      { head: "source", text: ({ target }) => target.source },
      { head: "method", text: ({ target }) => target.method },
      { head: "task", text: ({ target }) => target.task ?? "all" },
      { head: "quantity", text: ({ target }) => quantityText(target) },
      { head: "published", text: ({ target }) => publishedValue(target) },
      {
        head: "ours",
        text: ({ ours, ourStd }) =>
          ourStd === null ? fixed(ours, 2) : `${fixed(ours, 2)} ± ${fixed(ourStd, 2)}`,
      },
      { head: "runs", text: ({ runs }) => String(runs) },
      { head: "difference", text: ({ difference }) => signed(difference?.mean ?? null, 2) },
      { head: "95 % interval", text: ({ difference }) => (difference ? span(difference, 2) : "–") },
      { head: "verdict", text: ({ verdict }) => verdict },
      { head: "why", text: ({ why }) => why, isFootnote: true },
    ],
    note,
    rows.map(({ target, ours, ourStd, runs, difference, verdict, why }) => ({
      ...targetColumns(target),
      ours,
      ourStd,
      runs,
      difference: difference?.mean ?? null,
      low: difference?.low ?? null,
      high: difference?.high ?? null,
      verdict,
      why,
    })),
  );
}
