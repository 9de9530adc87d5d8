// `mulab extend`: a segment more for a run that has ended: new tasks, old ones again, other settings from here on.

import { experimentAt } from "../core/experiment.js";
import { standingTasks } from "../core/state.js";
import type { Task } from "../core/task.js";
import { namedTasks } from "../data/task-list.js";
import { loadTasks } from "../data/tasks.js";
import { changedSettings } from "../experiments/overrides.js";
import { extend } from "../run/extend.js";
import { taskOptions } from "../run/open.js";
import { readRun } from "../run/record.js";
import { dataProgress } from "./data-progress.js";
import type { EngineOptions } from "./engine-options.js";
import { evolveShown } from "./evolve-shown.js";
import { linesOf } from "./output.js";

interface ExtendCommandOptions extends EngineOptions {
  readonly tasks: string;
  readonly iterations: number;
  readonly seed?: number;
  readonly set: readonly string[];
  readonly images?: Readonly<Record<string, string>>;
}

export async function extendCommand(dir: string, options: ExtendCommandOptions): Promise<void> {
  const { iterations, images, seed } = options;
  const { experiment, state } = await readRun(dir);
  const settings = {
    ...changedSettings(experimentAt(experiment, state), options.set),
    ...(seed !== undefined && { seed }),
  };
  const named = namedTasks(
    options.tasks,
    experiment.tasks,
    standingTasks(state).map(({ name }) => name),
  );
  const lines = linesOf(options);
  const shown = dataProgress(lines);
  const loaded = await loadTasks(
    named.filter((task) => typeof task !== "string"),
    { ...taskOptions(experiment), onProgress: shown.show, onNote: shown.note },
  ).finally(shown.end);
  const byName = new Map(loaded.map((task) => [task.name, task]));
  const tasks = named.map((task): Task | string =>
    typeof task === "string" ? task : byName.get(task.name)!,
  );
  await evolveShown(dir, options, (opened) =>
    extend(dir, { tasks, iterations, settings }, { ...opened, ...(images && { images }) }),
  );
}
