// A comparison as CSV: one row per line of its tables, which starts with the kind of line.

import { compareRuns, type ModelComparison } from "../../../src/analysis/compare-models.js";
import {
  type ComparedLine,
  factLines,
  headLines,
  hyperparamLines,
  layerLines,
  taskLines,
  transferLines,
} from "../../../src/analysis/compare-words.js";
import { toCsv } from "../../../src/format/csv.js";
import type { RunClient } from "../../client.js";

/** `runs` are two, or one; `comparison` is null where there are no two models yet. */
export function comparisonCsv(runs: readonly RunClient[], comparison: ModelComparison | null): string {
  const [first, second] = runs;
  const rows = (kind: string, lines: readonly ComparedLine[]) =>
    lines.map(([what, first, second, difference]) => ({ kind, what, first, second, difference }));
  return toCsv([
    ...(first && second
      ? [
          ...rows("task", taskLines(compareRuns(first, second)).lines),
          ...rows("setting", headLines(first.head!, second.head!)),
        ]
      : []),
    ...(comparison
      ? [
          ...rows("model", factLines(comparison)),
          ...rows("layer", layerLines(comparison)),
          ...rows("hyperparameter", hyperparamLines(comparison)),
          ...rows("trained on", transferLines(comparison)),
        ]
      : []),
  ]);
}
