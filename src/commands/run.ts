// `mulab run` and `mulab resume`: evolve while a person watches, then show the results and where they are.

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BudgetName } from "../core/experiment.js";
import { loadTasks } from "../data/tasks.js";
import { deviceOf } from "../engine/devices.js";
import { experimentOf } from "../experiments/index.js";
import { applyOverrides } from "../experiments/overrides.js";
import { checkRunFolder } from "../run/folder.js";
import type { Keep } from "../run/header.js";
import { open, taskOptions } from "../run/open.js";
import { dataProgress } from "./data-progress.js";
import type { EngineOptions } from "./engine-options.js";
import { evolveShown } from "./evolve-shown.js";
import { linesOf, printJson } from "./output.js";
import { prepareOn } from "./prepare.js";

interface RunCommandOptions extends EngineOptions {
  readonly seed: number;
  readonly out?: string;
  readonly tasks?: string;
  readonly root?: string;
  readonly budget: BudgetName;
  readonly set: readonly string[];
  readonly keep?: Keep;
}

export async function runCommand(name: string, options: RunCommandOptions): Promise<void> {
  const { seed, budget, set, keep, out: _, json: __, ...choice } = options;
  const standard = experimentOf(name, { seed, budget });
  const lines = linesOf(options);
  // Checked before data is downloaded and a root is trained.
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
  const { summary } = await evolveShown(dir, options, (opened) =>
    open(dir, experiment, { ...opened, tasks: loaded, ...(keep && { keep }) }),
  );
  printJson(options, summary);
}

export interface ResumeOptions extends EngineOptions {
  /** From --images: the new places of own images, by task. */
  readonly images?: Readonly<Record<string, string>>;
}

export async function resumeCommand(dir: string, options: ResumeOptions): Promise<void> {
  const { images } = options;
  const { summary } = await evolveShown(dir, options, (opened) =>
    open(dir, undefined, { ...opened, ...(images && { images }) }),
  );
  printJson(options, summary);
}

/** runs/<name>-1, or the next free number. */
function nextFree(name: string): string {
  for (let n = 1; ; n++) {
    const dir = join("runs", `${name}-${n}`);
    if (!existsSync(dir)) return dir;
  }
}
