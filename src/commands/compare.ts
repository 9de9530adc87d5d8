// `mulab compare`: two runs, or two models of one or two runs, side by side.

import { compareModels, compareRuns, type ModelComparison, type SideOf } from "../analysis/compare-models.js";
import {
  type ComparedLine,
  comparisonSentence,
  factLines,
  hyperparamLines,
  layerLines,
  settingLines,
  taskLines,
  transferLines,
} from "../analysis/compare-words.js";
import { pairWords } from "../analysis/paired.js";
import { plainText } from "../format/plain.js";
import { textTable, wordLines } from "../format/terminal-table.js";
import { sidesAt } from "./model-at.js";
import { type JsonOption, linesOf, printJson, widthOf } from "./output.js";

export async function compareCommand(first: string, second: string, options: JsonOption): Promise<void> {
  const [a, b] = await sidesAt(first, second);
  const stream = linesOf(options);
  const width = widthOf(stream);
  const names = [a.name, b.name];
  if (a.model && b.model) {
    const comparison = compareModels(a as SideOf, b as SideOf);
    stream.write(`${comparisonText(comparison, names, width)}\n`);
    printJson(options, { of: names, ...comparison });
    return;
  }
  const comparison = compareRuns(a, b);
  const { split, lines } = taskLines(comparison);
  const settings = comparison.settings ?? [];
  stream.write(
    `${titledTable(`${split} accuracy`, names, lines, width)}\n${wordLines(pairWords(1), width).join("\n")}\n\n`,
  );
  stream.write(
    settings.length === 0
      ? "Their experiments are the same.\n"
      : `${titledTable("settings that differ", names, settingLines(settings), width)}\n`,
  );
  printJson(options, { of: names, ...comparison });
}

/** Two models: a sentence, then tables. */
function comparisonText(comparison: ModelComparison, names: readonly string[], width: number): string {
  const hyperparams = hyperparamLines(comparison);
  return [
    wordLines(comparisonSentence(comparison), width).join("\n"),
    titledTable("in numbers", names, factLines(comparison), width),
    titledTable("layer (its name, who trained it)", names, layerLines(comparison), width),
    ...(hyperparams.length > 0
      ? [titledTable("hyperparameters that differ", names, hyperparams, width)]
      : []),
    ...(comparison.transfer.length > 0
      ? [titledTable("share of gradient steps on", names, transferLines(comparison), width)]
      : []),
  ].join("\n\n");
}

/** Drops the last column if it is empty. */
function titledTable(
  title: string,
  names: readonly string[],
  lines: readonly ComparedLine[],
  width: number,
): string {
  const columns = lines.some(([, , , difference]) => difference !== "") ? 4 : 3;
  const head = [title, ...names.map(plainText), "difference"];
  return textTable(
    head.slice(0, columns),
    lines.map((line) => line.slice(0, columns)),
    undefined,
    width,
  );
}
