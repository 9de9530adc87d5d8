// The tables of a grid, most of which a single run has too.

import type { SweepPoint } from "../analysis/point.js";
import { sideOf } from "../analysis/stats.js";
import { claimRows } from "../analysis/sweep/claims.js";
import { type DifferenceRow, differenceRows, taskDifferenceRows } from "../analysis/sweep/differences.js";
import { tasksOf } from "../analysis/sweep/exchange.js";
import { variantLabel } from "../analysis/sweep/groups.js";
import { finalShares } from "../analysis/sweep/hyperparams.js";
import { luckRows } from "../analysis/sweep/luck.js";
import { methodRows, type TaskRow, taskRows } from "../analysis/sweep/methods.js";
import { variantName } from "../core/variant.js";
import { formatDuration } from "../format/numbers.js";
import {
  type Column,
  fixed,
  percent,
  scaled,
  signed,
  span,
  spread,
  type TableView,
  view,
} from "../format/table.js";
import type { TableDefinition } from "./drawing.js";
import { askedDifferences } from "./method-figures.js";
import { named } from "./named.js";
import { papersTable, publishedTable } from "./published-tables.js";
import { chosen, labelsOf, pointsOf, type Source, type SourceOptions } from "./source.js";

/** The points that a table is asked for: all, or those of some variants. */
function asked(source: Source, options: SourceOptions): SweepPoint[] {
  const points = pointsOf(source);
  const names = chosen(points, options, (all) => all.map(({ variant }) => variantName(variant)));
  return points.filter(({ variant }) => names.includes(variantName(variant)));
}

const methodsTable = (points: readonly SweepPoint[]): TableView =>
  view(
    methodRows(points).map(named),
    [
      { head: "method", text: ({ method }) => method },
      { head: "runs", text: ({ runs }) => String(runs) },
      { head: "test max", text: ({ testMax }) => percent(testMax) },
      { head: "test avg ± std", text: ({ test, testStd, runs }) => spread(test, testStd, runs, 2) },
      { head: "params/task M", text: ({ params }) => fixed(params / 1e6, 3) },
      { head: "core-h", text: ({ coreHours }) => fixed(coreHours, 3) },
      { head: "examples", text: ({ examples }) => scaled(examples) },
      { head: "FLOPs", text: ({ flops }) => scaled(flops) },
      { head: "wall", text: ({ wallHours }) => (wallHours === 0 ? "–" : formatDuration(3600 * wallHours)) },
    ],
    "Accuracies in per cent, mean over tasks; ± is the population deviation over runs. Costs are of one run; examples and FLOPs are counted for all its children. The replicas of full, top and multi-head fine-tuning begin and end alike, so one is trained for all: core-h and wall are of that one.",
  );

/** A row a method, a column a task; as data a row a cell. */
function tasksTable(points: readonly SweepPoint[]): TableView {
  const cells = taskRows(points);
  const tasks = tasksOf(points);
  const labels = labelsOf(tasks);
  const methods = [...new Set(cells.map(({ variant }) => variantLabel(variant)))];
  const cellOf = (method: string, task: string): TaskRow | undefined =>
    cells.find((cell) => variantLabel(cell.variant) === method && cell.task === task);
  const columns = tasks.map(
    (task): Column<{ readonly method: string }> => ({
      head: labels[task]!,
      text: ({ method }) => {
        const cell = cellOf(method, task);
        return cell ? spread(cell.test, cell.testStd, cell.runs, 1) : "–";
      },
    }),
  );
  return view(
    methods.map((method) => ({ method })),
    [{ head: "method", text: ({ method }) => method }, ...columns],
    "Test accuracy in per cent ± population deviation over runs; validation, size and blocks are in CSV and JSON.",
    cells.map(named),
  );
}

const SIDES = { above: "higher", below: "lower", "not shown": "not shown" } as const;

function differencesTable(rows: readonly DifferenceRow[], hasTasks: boolean): TableView {
  const against = rows[0] ? variantLabel(rows[0].against) : "the reference";
  const data = rows.map(({ variant, against: other, task, test, params }) => ({
    method: variantLabel(variant),
    variant: variantName(variant),
    against: variantName(other),
    ...(hasTasks && { task }),
    pairs: test.n,
    test: test.mean,
    testLow: test.low,
    testHigh: test.high,
    accuracy: SIDES[sideOf(test)],
    params: params.mean,
    paramsLow: params.low,
    paramsHigh: params.high,
    size: SIDES[sideOf(params)],
  }));
  type Row = (typeof data)[number];
  const millions = (value: number | null) => (value === null ? null : value / 1e6);
  return view<Row>(
    data,
    [
      { head: `minus ${against}`, text: ({ method }) => method },
      ...(hasTasks ? [{ head: "task", text: (row: Row) => row.task ?? "" }] : []),
      { head: "pairs", text: ({ pairs }) => String(pairs) },
      { head: "test, points", text: ({ test }) => signed(test, 2) },
      { head: "95 % interval", text: ({ testLow: low, testHigh: high }) => span({ low, high }, 2) },
      { head: "accuracy", text: ({ accuracy }) => accuracy },
      { head: "params/task M", text: ({ params }) => signed(params / 1e6, 3) },
      {
        head: "95 % interval ",
        text: ({ paramsLow, paramsHigh }) =>
          span({ low: millions(paramsLow), high: millions(paramsHigh) }, 3),
      },
      { head: "size", text: ({ size }) => size },
    ],
    'Paired by repetition (same seed, data and root), Student\'s t; "not shown": the interval includes 0, or there are fewer than two pairs. Each interval is 95 % by itself; of twenty, one may miss.',
  );
}

const claimsTable = (points: readonly SweepPoint[]): TableView =>
  view(
    claimRows(points),
    [
      { head: "claim", text: ({ claim }) => claim },
      { head: "verdict", text: ({ verdict }) => verdict },
      { head: "difference", text: ({ difference }) => signed(difference?.mean ?? null, 2) },
      { head: "95 % interval", text: ({ difference }) => (difference ? span(difference, 2) : "–") },
      { head: "pairs", text: ({ difference }) => String(difference?.n ?? 0) },
      { head: "unit", text: ({ unit }) => unit },
      { head: "numbers", text: ({ detail }) => detail, isFootnote: true },
    ],
    '"holds": the whole interval is on the claim\'s side; "does not hold": it is on the other; "not shown": it includes 0, or there are fewer than two pairs. "At some scale factor" takes the best of as many duels as there are scale factors, each at 95 %: of twenty, one may miss.',
  );

const luckTable = (points: readonly SweepPoint[]): TableView =>
  view(
    luckRows(points).map(named),
    [
      { head: "method", text: ({ method }) => method },
      { head: "task", text: ({ task }) => task },
      { head: "runs", text: ({ runs }) => String(runs) },
      { head: "validation", text: ({ validation }) => percent(validation) },
      { head: "test", text: ({ test }) => percent(test) },
      { head: "gap", text: ({ gap }) => signed(100 * gap.mean, 2) },
      { head: "luck ≤", text: ({ bound }) => fixed(100 * bound, 2) },
      { head: "noise", text: ({ noise }) => fixed(100 * noise, 2) },
      { head: "evaluations", text: ({ evaluations }) => fixed(evaluations, 0) },
      { head: "images", text: ({ validationImages: v, testImages: t }) => `${v} / ${t}` },
      { head: "verdict", text: ({ verdict }) => verdict },
    ],
    "Gap: validation minus test, points. Luck: what the best of so many evaluations of equally good models would gain on so many validation images, at most; replicas that end alike count once. Noise: standard error of the gap; all repetitions share the test images.",
  );

const hyperparamsTable = (points: readonly SweepPoint[]): TableView =>
  view(
    finalShares(points),
    [
      { head: "method", text: ({ method }) => method },
      { head: "hyperparameter", text: ({ hyperparam }) => hyperparam },
      { head: "value", text: ({ value }) => value },
      { head: "models", text: ({ count }) => String(count) },
      { head: "share", text: ({ share }) => percent(share, 0) },
    ],
    "Values of the final models; hyperparameters that all of them share are left out.",
  );

export const GRID_TABLES: readonly TableDefinition[] = [
  {
    name: "methods",
    title: "quality, size and cost of every variant",
    paper: "muNet Tables 1 and 2",
    of: "both",
    make: (source, options) => methodsTable(asked(source, options)),
  },
  {
    name: "tasks",
    title: "test accuracy of every task by method",
    paper: "muNet Tables 6 and 7",
    of: "both",
    make: (source, options) => tasksTable(asked(source, options)),
  },
  {
    name: "published",
    title: "every published number beside ours, with a verdict",
    paper: "all of both papers",
    of: "both",
    make: (source, options) => publishedTable(asked(source, options)),
  },
  {
    name: "claims",
    title: "the paper's claims: hold, do not hold, or not shown",
    paper: "muNet",
    of: "grid",
    make: (source, options) => claimsTable(asked(source, options)),
  },
  {
    name: "differences",
    title: "every variant minus muNet, paired, with intervals",
    paper: "",
    of: "grid",
    make: (source, options) => differencesTable(askedDifferences(source, options, differenceRows), false),
  },
  {
    name: "task-differences",
    title: "every variant minus muNet, task by task",
    paper: "",
    of: "grid",
    make: (source, options) => differencesTable(askedDifferences(source, options, taskDifferenceRows), true),
  },
  {
    name: "luck",
    title: "validation minus test of the selected models, and how much of it luck can make",
    paper: "",
    of: "both",
    make: (source, options) => luckTable(asked(source, options)),
  },
  {
    name: "hyperparams",
    title: "hyperparameters of the final models",
    paper: "µ2Net Fig. 5",
    of: "both",
    make: (source, options) => hyperparamsTable(asked(source, options)),
  },
  {
    name: "papers",
    title: "all published numbers of both papers, as they are",
    paper: "all of both papers",
    of: "nothing",
    make: papersTable,
  },
];
