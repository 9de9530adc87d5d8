// Paired differences as a picture of a table.

import type { ComparedRun } from "../../analysis/compare.js";
import { pairedDifferences, pairWords } from "../../analysis/paired.js";
import { formatDelta, formatPercent } from "../../format/numbers.js";
import { taskPaint } from "./palette.js";
import type { Scene } from "./scene.js";
import { tableScene } from "./table.js";

/** Compares the other `runs` with the first. */
export function differencesScene(runs: readonly ComparedRun[]): Scene {
  const [base, ...others] = runs.map(({ state }) => state);
  const { rows, meanOf, isTest } = pairedDifferences(base!, others);
  const tasks = base!.tasks.map(({ name }) => name);
  return tableScene(
    `${isTest ? "Test" : "Validation"} accuracy, and what differs from the run`,
    [{ title: "Task", isText: true }, ...runs.map(({ head }) => ({ title: head.method.label.curve }))],
    rows.map(({ task, base: own, others: rest }) => ({
      ...(task !== null && { paint: taskPaint(tasks, task) }),
      cells: [
        task ?? meanOf,
        formatPercent(own),
        ...rest.map(({ accuracy, delta }) =>
          delta === null ? formatPercent(accuracy) : `${formatPercent(accuracy)} ${formatDelta(delta)}`,
        ),
      ],
    })),
    pairWords(others.length),
  );
}
