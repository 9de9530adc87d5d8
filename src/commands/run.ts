// `mulab run` and `mulab resume`: evolve while a person watches, then show the results and where they are.

import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { BudgetName, Experiment } from "../core/experiment.js";
import { loadTasks } from "../data/tasks.js";
import { replaceFile } from "../disk/replace.js";
import { deviceOf } from "../engine/devices.js";
import { experimentOf } from "../experiments/index.js";
import { applyOverrides } from "../experiments/overrides.js";
import { plural } from "../format/numbers.js";
import { REPORT_KIND } from "../report/page.js";
import { report } from "../report/report.js";
import { checkRunFolder, readRun as readFolder } from "../run/folder.js";
import { type Listener, type OpenOptions, open, taskOptions } from "../run/open.js";
import { readRun } from "../run/record.js";
import { createDisplay, resultTable } from "../terminal/terminal.js";
import { dataProgress } from "./data-progress.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { interruptible } from "./interruptible.js";
import { linesOf, printJson, summaryOfRun } from "./output.js";
import { prepareOn } from "./prepare.js";

interface RunCommandOptions extends EngineOptions {
  readonly seed: number;
  readonly out?: string;
  readonly tasks?: string;
  readonly root?: string;
  readonly budget: BudgetName;
  readonly set: readonly string[];
}

export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  const { seed, budget, set, out: _, json: __, ...choice } = options;
  const standard = experimentOf(name, { seed, budget });
  const lines = linesOf(options);
  // Before data is fetched and a root is trained:
  deviceOf(options.engine, options.device);
  await checkRunFolder(options.out ?? nextFree(name));
  const experiment = await prepareOn(lines, applyOverrides(standard, set), choice);
  const dir = options.out ?? nextFree(name);
  const shown = dataProgress(lines);
  const loaded = await loadTasks(experiment.tasks, {
    ...taskOptions(experiment),
    onProgress: shown.show,
    onNote: shown.note,
  }).finally(shown.end);
  await evolveIn(dir, experiment, { ...options, tasks: loaded });
}

export interface ResumeOptions extends EngineOptions {
  /** --images: where own images have moved to, as task=path. */
  readonly images?: Readonly<Record<string, string>>;
}

export async function resumeCommand(dir: string, options: ResumeOptions): Promise<void> {
  await evolveIn(dir, undefined, options);
}

/** runs/<name>-1, or the next number that is free. */
function nextFree(name: string): string {
  for (let n = 1; ; n++) {
    const dir = join("runs", `${name}-${n}`);
    if (!existsSync(dir)) return dir;
  }
}

async function evolveIn(
  dir: string,
  experiment: Experiment | undefined,
  options: EngineOptions & Pick<OpenOptions, "tasks" | "images">,
): Promise<void> {
  const stream = linesOf(options);
  const { tasks, images } = options;
  // What happens while the run opens, such as continuing after some children, is shown once its experiment is known.
  const before: Parameters<Listener>[] = [];
  let show: Listener = (...received) => void before.push(received);
  const run = await open(dir, experiment, {
    ...engineOf(options),
    ...(tasks && { tasks }),
    ...(images && { images }),
    onEvent: (event, state) => show(event, state),
  });
  const display = createDisplay({ stream, experiment: run.experiment });
  display.note(
    `${run.experiment.title}, seed ${run.experiment.seed}, ${run.experiment.budget} budget, in ${dir}`,
  );
  const begun = (await readFolder(dir)).header.threads ?? run.threads;
  if (begun !== run.threads)
    display.note(
      `on ${plural(run.threads, "thread")}, though it began on ${begun}: above two, the number of threads affects the last bits of results`,
    );
  show = display.event;
  for (const received of before) display.event(...received);

  await interruptible(
    () => void run.stop(),
    () => run.done(),
  ).finally(display.end);
  if (run.status === "stopped") {
    stream.write(
      `Stopped. Everything up to the generation in flight is kept: continue with \`mulab resume ${dir}\`.\n`,
    );
    process.exitCode = 130;
    if (options.json) printJson(options, summaryOfRun(await readRun(dir)));
    return;
  }
  const record = await readRun(dir);
  const summary = summaryOfRun(record);
  const file = join(dir, "report.html");
  await replaceFile(file, await report(record), REPORT_KIND);
  stream.write(`\n${resultTable(summary)}\n\nReport: ${relative(".", file)}\n`);
  printJson(options, summary);
}
