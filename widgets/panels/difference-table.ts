// Every task's accuracy in the run and in each variant, with the differences, which are paired: all share seed, data and
// root.

import { pairedDifferences, pairWords } from "../../src/analysis/paired.js";
import { toCsv } from "../../src/format/csv.js";
import { formatPercent } from "../../src/format/numbers.js";
import type { RunClient } from "../client.js";
import { h } from "../dom.js";
import { taskCell } from "../task-name.js";
import { deltaText } from "./details.js";

/** The table of `runs`: all others compared with the first. */
export function differenceTable(runs: readonly RunClient[]): HTMLElement {
  const [base, ...others] = runs.map(({ state }) => state);
  const { rows, meanOf, isTest } = pairedDifferences(base!, others);
  const tasks = base!.tasks.map(({ name }) => name);
  const head = ["Task", ...runs.map(nameOf)].map((text, i) =>
    h("th", { text, class: i > 0 ? "mulab-number" : "", attributes: { scope: "col" } }),
  );
  const body = rows.map(({ task, base: own, others: rest }) =>
    h(
      "tr",
      task === null ? { class: "mulab-mean" } : {},
      h("th", { attributes: { scope: "row" } }, task === null ? meanOf : taskCell(tasks, task)),
      h("td", { class: "mulab-number", text: formatPercent(own) }),
      ...rest.map(({ accuracy, delta }) =>
        h("td", { class: "mulab-number" }, formatPercent(accuracy), delta === null ? null : deltaText(delta)),
      ),
    ),
  );
  return h(
    "table",
    { class: "mulab-table mulab-wide" },
    h("caption", {
      text: `${isTest ? "Test" : "Validation"} accuracy; differences from the run in percentage points. ${pairWords(others.length)}`,
    }),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...body),
  );
}

/** The same as CSV, one row per task and run. */
export function differencesCsv(runs: readonly RunClient[]): string {
  const [base, ...others] = runs.map(({ state }) => state);
  const { rows, isTest } = pairedDifferences(base!, others);
  return toCsv(
    rows.flatMap(({ task, base: own, others: rest }) =>
      [{ accuracy: own, delta: null }, ...rest].map(({ accuracy, delta }, i) => ({
        task: task ?? "mean",
        run: runs[i]!.head?.dir,
        variant: nameOf(runs[i]!),
        split: isTest ? "test" : "validation",
        accuracy,
        difference: delta,
      })),
    ),
  );
}

export const nameOf = ({ head }: RunClient): string => head?.method.label.curve ?? "run";
