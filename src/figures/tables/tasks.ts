// Test accuracy of every task by method, with the published numbers below ours: as muNet Tables 6 and 7 print it, one column
// per task, and as µ2Net prints its long lists, one row per task, where there are many.

import type { SweepPoint } from "../../analysis/point.js";
import { tasksOf } from "../../analysis/sweep/exchange.js";
import { methodRows, taskRows } from "../../analysis/sweep/methods.js";
import type { PublishedRow } from "../../analysis/sweep/published.js";
import { variantName } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import { SHARE, type Value } from "../../format/quantities.js";
import { type Column, type TableView, view } from "../../format/table.js";
import { pointsTable } from "../kinds.js";
import { labelsOf } from "../source.js";
import { markOf, marksNote, OURS, publishedOf, SPREAD, shareOf, VERDICT } from "./beside.js";

export const tasks = pointsTable(
  {
    name: "tasks",
    title: "test accuracy of every task by method, beside what is published",
    paper: "muNet Tables 6 and 7",
    of: "both",
  },
  tasksTable,
);

/** More tasks than this are rows. */
const MOST_COLUMNS = 12;
const MEAN = "mean";

/** One line of one method: its values by task, and their mean. */
interface Line {
  readonly method: string;
  readonly source: string;
  readonly values: ReadonlyMap<string, Value>;
}

function tasksTable(points: readonly SweepPoint[]): TableView {
  const names = tasksOf(points);
  const lines = linesOf(points, names);
  const note = `Test accuracy; ± is the population deviation over runs, in points. One row per number, with validation, size and blocks: the table "task-details".${marksNote(lines.some(({ source }) => source === VERDICT))}`;
  if (lines.length === 0) return view([], [...ABOUT, column(MEAN, MEAN)], note);
  if (names.length > MOST_COLUMNS) return byTask(lines, names, note);
  const labels = labelsOf(names);
  return view(
    lines,
    [...ABOUT, ...names.map((task) => column(labels[task]!, task)), column(MEAN, MEAN)],
    note,
  );
}

const ABOUT: readonly Column<Line>[] = [
  { head: "method", value: ({ method }) => method },
  { head: "source", value: ({ source }) => source },
];

const column = (head: string, task: string): Column<Line> => ({
  head,
  of: SHARE,
  value: ({ values }) => values.get(task),
  text: (line) => textOf(line, task),
});

function textOf({ source, values }: Line, task: string): string {
  const value = values.get(task);
  if (source === VERDICT) return markOf(value);
  if (value == null) return source === OURS ? SHARE.text(value) : "";
  return source === SPREAD ? `± ${(100 * (value as number)).toFixed(1)}` : SHARE.text(value);
}

/** One row per task and source, one column per method. */
function byTask(lines: readonly Line[], names: readonly string[], note: string): TableView {
  const methods = [...new Set(lines.map(({ method }) => method))];
  const sources = [...new Set(lines.map(({ source }) => source))];
  const lineOf = (method: string, source: string) =>
    lines.find((line) => line.method === method && line.source === source);
  const rows = [...names, MEAN].flatMap((task) =>
    sources.flatMap((source) =>
      methods.some((method) => lineOf(method, source)?.values.has(task)) ? [{ task, source }] : [],
    ),
  );
  return view(
    rows,
    [
      { head: "task", value: ({ task }) => task },
      { head: "source", value: ({ source }) => source },
      ...methods.map(
        (method): Column<(typeof rows)[number]> => ({
          head: method,
          of: SHARE,
          value: ({ task, source }) => lineOf(method, source)?.values.get(task),
          text({ task, source }) {
            const line = lineOf(method, source);
            return line ? textOf(line, task) : "";
          },
        }),
      ),
    ],
    note,
  );
}

/** Ours, ± ours where there are several runs, what is published and the verdicts, method by method. */
function linesOf(points: readonly SweepPoint[], names: readonly string[]): Line[] {
  const cells = taskRows(points);
  const published = publishedOf(points);
  return methodRows(points).flatMap(({ variant, test, testStd, runs }): Line[] => {
    const method = variantLabel(variant);
    const own = cells.filter((cell) => variantName(cell.variant) === variantName(variant));
    const papers = [...names, null].flatMap((task): [string, PublishedRow][] => {
      const row = published(variantName(variant), task, "test");
      return row ? [[task ?? MEAN, row]] : [];
    });
    // The table of single tasks names the row, not that of the means.
    const source = papers[0]?.[1].target.source ?? "";
    const line = (source: string, values: [string, Value][]): Line => ({
      method,
      source,
      values: new Map(values),
    });
    return [
      line(OURS, [...own.map((cell): [string, Value] => [cell.task, cell.test]), [MEAN, test]]),
      ...(runs < 2
        ? []
        : [
            line(SPREAD, [...own.map((cell): [string, Value] => [cell.task, cell.testStd]), [MEAN, testStd]]),
          ]),
      ...(papers.length === 0
        ? []
        : [
            line(
              source,
              papers.map(([task, { target }]) => [task, shareOf(target.value)]),
            ),
            line(
              VERDICT,
              papers.map(([task, { verdict }]) => [task, verdict]),
            ),
          ]),
    ];
  });
}
