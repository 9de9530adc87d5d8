// `mulab predict`: what a task's model says of images, for people and for programs.

import { usage } from "../core/errors/index.js";
import { standingTasks } from "../core/state.js";
import { predict } from "../export/predict.js";
import { predictionView } from "../export/prediction-view.js";
import { textTable } from "../format/terminal-table.js";
import { readRun } from "../run/record.js";
import { dataProgress } from "./data-progress.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { linesOf, printJson, widthOf } from "./output.js";

interface PredictCommandOptions extends EngineOptions {
  readonly task?: string;
  readonly top: number;
  readonly images?: Readonly<Record<string, string>>;
}

export async function predictCommand(
  dir: string,
  words: readonly string[],
  options: PredictCommandOptions,
): Promise<void> {
  const task = options.task ?? (await onlyTask(dir));
  const { images, top } = options;
  const stream = linesOf(options);
  const shown = dataProgress(stream);
  const { maxBytes: _, ...engine } = engineOf(options);
  const predictions = await predict(dir, task, words, {
    ...engine,
    top,
    ...(images && { images }),
    onProgress: shown.show,
  }).finally(shown.end);
  const { head, cells } = predictionView(predictions);
  stream.write(`${textTable(head, cells, undefined, widthOf(stream))}\n`);
  printJson(options, {
    dir,
    task,
    predictions: predictions.map(({ image, top }) => ({ image, top })),
  });
}

/** The run's task, if it has one only. Throws options/usage. */
async function onlyTask(dir: string): Promise<string> {
  const tasks = standingTasks((await readRun(dir)).state).map(({ name }) => name);
  if (tasks.length === 1) return tasks[0]!;
  throw usage(`Name the task whose model predicts, with --task: the run has ${tasks.join(", ")}.`);
}
