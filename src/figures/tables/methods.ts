// Quality, size and cost of every variant, with the published numbers below ours. muNet Tables 1 and 2.

import type { Quantity as Counted } from "../../analysis/paper/target.js";
import { methodRows } from "../../analysis/sweep/methods.js";
import type { PublishedRow } from "../../analysis/sweep/published.js";
import { variantName } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import {
  COUNT,
  HOURS,
  HOURS_DURATION,
  PARAMS,
  type Quantity,
  SCALED,
  SHARE_2,
  SHARE_SPREAD,
  type Value,
} from "../../format/quantities.js";
import { type Column, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { markOf, marksNote, OURS, type Published, publishedOf, shareOf, VERDICT } from "./beside.js";

interface Line {
  readonly method: string;
  readonly source: string;
  readonly values: Readonly<Partial<Record<Head, Value>>>;
}

const HEADS = {
  runs: COUNT,
  "test max": SHARE_2,
  test: SHARE_2,
  "± test": SHARE_SPREAD,
  parameters: PARAMS,
  "core-hours": HOURS,
  "wall time": HOURS_DURATION,
  examples: SCALED,
  FLOPs: SCALED,
} satisfies Record<string, Quantity>;
type Head = keyof typeof HEADS;

const COLUMNS: readonly Column<Line>[] = [
  { head: "method", value: ({ method }) => method },
  { head: "source", value: ({ source }) => source },
  ...(Object.keys(HEADS) as Head[]).map(
    (head): Column<Line> => ({
      head,
      of: HEADS[head],
      value: ({ values }) => values[head],
      text: ({ source, values }) => {
        const value = values[head];
        if (source === VERDICT) return markOf(value);
        return value === undefined && source !== OURS ? "" : HEADS[head].text(value);
      },
    }),
  ),
];

export const methods = pointsTable(
  {
    name: "methods",
    title: "quality, size and cost of every variant, beside what is published",
    paper: "muNet Tables 1 and 2",
    of: "both",
  },
  (points) => {
    const published = publishedOf(points);
    const lines = methodRows(points).flatMap((row): Line[] => {
      const method = variantLabel(row.variant);
      const ours: Line["values"] = {
        runs: row.runs,
        "test max": row.testMax,
        test: row.test,
        "± test": row.runs < 2 ? null : row.testStd,
        parameters: row.params,
        "core-hours": row.coreHours,
        "wall time": row.wallHours === 0 ? null : row.wallHours,
        examples: row.examples,
        FLOPs: row.flops,
      };
      return [
        { method, source: OURS, values: ours },
        ...paperLines(method, variantName(row.variant), published),
      ];
    });
    return view(
      lines,
      COLUMNS,
      `Accuracies are means over tasks; ± is the population deviation over runs; parameters are accounted, per task. Costs are of one run; examples and FLOPs are counted for all its children. The replicas of full, top and multi-head fine-tuning begin and end alike, so one is trained for all: core-hours and wall time are of that one.${marksNote(lines.some(({ source }) => source === VERDICT))}`,
    );
  },
);

/** Where a published number is in the table, and how it is converted into the unit of its column. */
const PLACES = [
  ["test-max", "test max", shareOf],
  ["test", "test", shareOf],
  ["params", "parameters", (millions: number) => Math.round(1e6 * millions)],
  ["core-hours", "core-hours", (hours: number) => hours],
] as const satisfies readonly (readonly [Counted, Head, (printed: number) => number])[];

/** What the paper prints of the method, and the verdicts; nothing where it has no such method. */
function paperLines(method: string, variant: string, published: Published): Line[] {
  const found = PLACES.flatMap(([quantity, head, converted]) => {
    const row = published(variant, null, quantity);
    return row ? [{ row, head, value: converted(row.target.value) }] : [];
  });
  if (found.length === 0) return [];
  const of = <V>(each: (row: PublishedRow, value: number) => V) =>
    Object.fromEntries(found.map(({ row, head, value }) => [head, each(row, value)]));
  const test = published(variant, null, "test")?.target;
  const { source, runs } = found[0]!.row.target;
  const spread = test?.std == null ? {} : { "± test": shareOf(test.std) };
  return [
    { method, source, values: { runs, ...of((_, value) => value), ...spread } },
    { method, source: VERDICT, values: of(({ verdict }) => verdict) },
  ];
}
