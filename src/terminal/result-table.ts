// A run's result on a terminal.

import type { Summary } from "../analysis/summary.js";
import { accessText } from "../core/access.js";
import { classesText, elide, shortNames } from "../format/names.js";
import { formatParams, formatPercent } from "../format/numbers.js";
import { plainText } from "../format/plain.js";
import { textTable } from "../format/terminal-table.js";

/** Up to this many tasks, a matrix of shares fits beside the results; with more, each task lists its main sources. */
const MATRIX_TASKS = 6;
const NAME = 26;
/** Terminal columns that a table keeps to, and those between two cells. */
const WIDTH = 100;
const GAP = 2;

/** A run's result: one row per task, the tasks whose gradient steps shaped each model, and the names of own classes; `width` is the terminal's. */
export function resultTable(summary: Pick<Summary, "tasks">, width = Number.POSITIVE_INFINITY): string {
  const { tasks } = summary;
  const names = new Map(tasks.map(({ task }) => [task, shorten(task)]));
  const labels = shortNames(tasks.map(({ task }) => task));
  const short = new Map(tasks.map(({ task }, i) => [task, labels[i]!]));
  const results = textTable(
    ["task", "access", "validation", "test", "blocks", "own", "shared", "accounted"],
    tasks.map((t) => [
      names.get(t.task)!,
      accessText(t.access),
      formatPercent(t.validationAccuracy),
      formatPercent(t.testAccuracy),
      t.blocks === null ? "–" : String(t.blocks),
      formatParams(t.ownParams),
      formatParams(t.sharedParams),
      formatParams(t.accountedParams),
    ]),
    undefined,
    width,
  );
  const share = (value: number) => (value < 0.0005 ? "–" : formatPercent(value));
  const column = Math.min(12, Math.floor((Math.min(WIDTH, width) - NAME) / tasks.length) - GAP);
  const transfer =
    tasks.length <= MATRIX_TASKS
      ? textTable(
          ["trained on →", ...labels.map((name) => shorten(name, column))],
          tasks.map(({ task, transfer }) => [
            names.get(task)!,
            ...tasks.map((source) => share(transfer[source.task] ?? 0)),
          ]),
          undefined,
          width,
        )
      : textTable(
          ["task", "trained on (share of gradient steps)"],
          tasks.map(({ task, transfer }) => [names.get(task)!, mainSources(transfer, short)]),
          undefined,
          width,
        );
  const classes = tasks.flatMap(({ task, classNames }) =>
    classNames ? [`Classes of ${names.get(task)!}: ${plainText(classesText(classNames, 40))}`] : [],
  );
  return [
    results,
    `Share of gradient steps in each model, mean over its layers\n${transfer}`,
    ...(classes.length > 0 ? [classes.join("\n")] : []),
  ].join("\n\n");
}

function mainSources(transfer: Readonly<Record<string, number>>, short: ReadonlyMap<string, string>): string {
  const sources = Object.entries(transfer).sort(([, a], [, b]) => b - a);
  const named = sources
    .slice(0, 3)
    .map(([task, share]) => `${shorten(short.get(task) ?? task, 14)} ${formatPercent(share, 0)}`);
  return [...named, ...(sources.length > 3 ? [`${sources.length - 3} more`] : [])].join(", ") || "–";
}

/** A name in at most `most` characters, cut in its middle. */
function shorten(name: string, most = NAME): string {
  return elide(plainText(name), most);
}
