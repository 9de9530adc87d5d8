// The published numbers: beside ours with a verdict, and by themselves.

import { benchmarkOf } from "../analysis/paper/benchmarks.js";
import type { Quantity, Target } from "../analysis/paper/target.js";
import type { SweepPoint } from "../analysis/point.js";
import { publishedRows, TARGETS } from "../analysis/sweep/published.js";
import { fixed, signed, span, type TableView, view } from "../format/table.js";

/** What a number counts, with its unit. */
const QUANTITIES: Readonly<Record<Quantity, string>> = {
  test: "test, %",
  "test-max": "test max, %",
  params: "params/task, M",
  "core-hours": "core-h",
  blocks: "blocks",
  "test-gain": "test above full, points",
  "test-ratio": "test above full, % of it",
  "params-cut": "fewer params than full, %",
  transfer: "gradient steps, %",
  "system-params": "params of all, M",
  activated: "activated, %",
  added: "params/task, M",
  std: "mean std, points",
};

const quantityText = ({ quantity, from }: Target): string =>
  from === undefined ? QUANTITIES[quantity] : `${QUANTITIES[quantity]} on ${from}`;

const published = ({ value, std, decimals }: Target): string =>
  std === null ? value.toFixed(decimals) : `${value.toFixed(decimals)} ± ${std.toFixed(2)}`;

/** A target as plain columns. */
const plain = (target: Target) => ({
  source: target.source,
  benchmark: benchmarkOf(target.benchmark).title,
  method: target.method,
  task: target.task,
  quantity: quantityText(target),
  published: target.value,
  publishedStd: target.std,
  publishedRuns: target.runs,
});

/** Every published number of the points' benchmarks beside theirs. */
export function publishedTable(points: readonly SweepPoint[]): TableView {
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
      { head: "published", text: ({ target }) => published(target) },
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
      ...plain(target),
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

/** All published numbers. */
export const papersTable = (): TableView =>
  view(
    TARGETS,
    [
      { head: "source", text: ({ source }) => source },
      { head: "benchmark", text: ({ benchmark }) => benchmarkOf(benchmark).title },
      { head: "method", text: ({ method }) => method },
      { head: "task", text: ({ task }) => task ?? "all" },
      { head: "quantity", text: quantityText },
      { head: "published", text: published },
      { head: "runs", text: ({ runs }) => (runs === null ? "–" : String(runs)) },
    ],
    "muNet is arXiv 2205.10937, µ2Net is arXiv 2205.12755.",
    TARGETS.map(plain),
  );
