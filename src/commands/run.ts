// `mulab run` and `mulab resume`: evolve while a person watches, then say what came of it and where it lies.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { MulabError, writeFailed } from "../core/errors.js";
import type { BudgetName, Experiment } from "../core/experiment.js";
import { taskNamed } from "../data/catalog.js";
import { parseTasks } from "../data/task-list.js";
import { glyphSpecs, loadTasks } from "../data/tasks.js";
import { onAvailableTasks } from "../experiments/available.js";
import { experimentOf } from "../experiments/index.js";
import { applyOverrides } from "../experiments/overrides.js";
import { report } from "../report.js";
import { type Listener, type OpenOptions, open, taskOptions } from "../run.js";
import { readRun } from "../run-record.js";
import { createDisplay, resultTable } from "../terminal.js";
import { withRoot } from "./choose-root.js";
import { dataProgress } from "./data-progress.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { linesOf, printJson, summaryOfRun } from "./output.js";

interface RunCommandOptions extends EngineOptions {
  readonly seed: number;
  readonly out?: string;
  readonly tasks?: string;
  readonly root?: string;
  readonly budget: BudgetName;
  readonly set: readonly string[];
}

export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  const { seed, budget, tasks } = options;
  const standard = experimentOf(name, { seed, budget });
  const lines = linesOf(options);
  const chosen =
    tasks === undefined
      ? await onAvailableTasks(standard, { onNote: (line) => lines.write(`${line}\n`) })
      : { ...standard, tasks: parseTasks(tasks, standard.tasks) };
  const experiment = await withRoot(applyOverrides(chosen, options.set), options, lines);
  const dir = options.out ?? nextFree(name);
  const loaded = await loadOrDraw(experiment, lines, tasks !== undefined);
  await evolveIn(dir, loaded.experiment, { ...options, tasks: loaded.tasks });
}

export async function resumeCommand(dir: string, options: EngineOptions): Promise<void> {
  await evolveIn(dir, undefined, options);
}

/** runs/<name>-1, or the next number that is free. */
function nextFree(name: string): string {
  for (let n = 1; ; n++) {
    const dir = join("runs", `${name}-${n}`);
    if (!existsSync(dir)) return dir;
  }
}

/** The experiment's tasks; where the published data can't be had and the user named no tasks, glyph tasks stand in for them, and a line says so. */
async function loadOrDraw(experiment: Experiment, stream: NodeJS.WriteStream, named: boolean) {
  const progress = dataProgress(stream);
  const load = (of: Experiment) => loadTasks(of.tasks, { ...taskOptions(of), onProgress: progress.show });
  try {
    return { experiment, tasks: await load(experiment) };
  } catch (error) {
    if (named || !(error instanceof MulabError) || error.code !== "task/data-missing") throw error;
    const drawn = { ...experiment, tasks: glyphSpecs(experiment.tasks) };
    if (drawn.tasks.some(({ name }) => taskNamed(name).kind !== "generated")) throw error; // nothing can stand in
    progress.end();
    stream.write(
      "The published images are not on this machine and can't be downloaded now, so the same experiment runs on generated glyphs.\n",
    );
    return { experiment: drawn, tasks: await load(drawn) };
  } finally {
    progress.end();
  }
}

async function evolveIn(
  dir: string,
  experiment: Experiment | undefined,
  options: EngineOptions & Pick<OpenOptions, "tasks">,
): Promise<void> {
  const stream = linesOf(options);
  const { tasks } = options;
  // What happens while it is opened, as that it goes on after so many children, is shown once its experiment is known.
  const before: Parameters<Listener>[] = [];
  let show: Listener = (...heard) => void before.push(heard);
  const run = await open(dir, experiment, {
    ...engineOf(options),
    ...(tasks && { tasks }),
    onEvent: (event, state) => show(event, state),
  });
  const display = createDisplay({ stream, experiment: run.experiment });
  display.note(
    `${run.experiment.title}, seed ${run.experiment.seed}, ${run.experiment.budget} budget, in ${dir}`,
  );
  show = display.event;
  for (const heard of before) display.event(...heard);

  const stop = () => void run.stop();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await run.done();
  } finally {
    display.end();
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
  if (run.status === "stopped") {
    stream.write(
      `Stopped. Everything up to the generation in flight is kept: go on with \`mulab resume ${dir}\`.\n`,
    );
    process.exitCode = 130;
    if (options.json) printJson(options, summaryOfRun(await readRun(dir)));
    return;
  }
  const record = await readRun(dir);
  const summary = summaryOfRun(record);
  const file = join(dir, "report.html");
  await writeFile(file, await report(record)).catch((error) => {
    throw writeFailed(file, error);
  });
  stream.write(`\n${resultTable(summary)}\n\nReport: ${relative(".", file)}\n`);
  printJson(options, summary);
}
