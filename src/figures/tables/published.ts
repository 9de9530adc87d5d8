// The published numbers beside ours, with a verdict.

import { benchmarkOf } from "../../analysis/paper/benchmarks.js";
import type { SweepPoint } from "../../analysis/point.js";
import { publishedRows } from "../../analysis/sweep/published.js";
import { AS_NAMED, AS_NAMED_DIFFERENCE, AS_NAMED_SPREAD, COUNT } from "../../format/quantities.js";
import { type TableView, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { publishedText, quantityText } from "./published-numbers.js";

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
  const benchmarks = new Set(rows.map(({ target }) => benchmarkOf(target.benchmark).title));
  const note =
    rows.length === 0
      ? "The papers print no numbers for this experiment."
      : `${[...benchmarks].join(", ")}: ${tally}. Low and high: 95 % interval of the difference. Reproduced: within the published ± (or rounding, where there is none); within noise: the interval includes 0; differs: it does not.`;
  return view(
    rows,
    [
      { head: "source", value: ({ target }) => target.source },
      { head: "method", value: ({ target }) => target.method },
      { head: "task", value: ({ target }) => target.task ?? "all" },
      { head: "quantity", value: ({ target }) => quantityText(target) },
      {
        head: "published",
        of: AS_NAMED,
        value: ({ target }) => target.value,
        text: ({ target }) => publishedText(target),
      },
      { head: "± published", of: AS_NAMED_SPREAD, value: ({ target }) => target.std },
      { head: "ours", of: AS_NAMED, value: ({ ours }) => ours },
      { head: "± ours", of: AS_NAMED_SPREAD, value: ({ ourStd }) => ourStd },
      { head: "runs", of: COUNT, value: ({ runs }) => runs },
      { head: "difference", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.mean },
      { head: "low", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.low },
      { head: "high", of: AS_NAMED_DIFFERENCE, value: ({ difference }) => difference?.high },
      { head: "verdict", value: ({ verdict }) => verdict },
      { head: "why", value: ({ why }) => why, text: ({ why }) => why, isFootnote: true },
    ],
    note,
  );
}
