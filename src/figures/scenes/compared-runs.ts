// Two runs side by side as a picture, for viewers without the live comparison.

import type { ComparedRun } from "../../analysis/compare.js";
import { compareRuns } from "../../analysis/compare-models.js";
import { headLines, taskLines } from "../../analysis/compare-words.js";
import { pairWords } from "../../analysis/paired.js";
import { taskPaint } from "./palette.js";
import type { Scene } from "./scene.js";
import { stack, titled } from "./stack.js";
import { tableScene } from "./table.js";

/** The first two `runs`: their tasks, and the settings in which they differ. */
export function comparedRunsScene(runs: readonly ComparedRun[]): Scene {
  const [a, b] = [runs[0]!, runs[1]!];
  const tasks = a.state.tasks.map(({ name }) => name);
  const { split, lines } = taskLines(compareRuns(a, b));
  const settings = headLines(a.head, b.head);
  const columns = [{ title: a.head.dir }, { title: b.head.dir }, { title: "difference" }];
  const accuracy = tableScene(
    `${split === "test" ? "Test" : "Validation"} accuracy by task`,
    [{ title: "task", isText: true }, ...columns],
    lines.map((cells) => ({
      ...(tasks.includes(cells[0]) && { paint: taskPaint(tasks, cells[0]) }),
      cells,
    })),
    pairWords(1),
  );
  if (settings.length === 0) return titled(accuracy);
  const different = tableScene(
    "Settings that differ",
    [{ title: "setting", isText: true }, ...columns.slice(0, 2)],
    settings.map((cells) => ({ cells: cells.slice(0, 3) })),
  );
  return stack("Two runs side by side", [titled(accuracy), titled(different)]);
}
