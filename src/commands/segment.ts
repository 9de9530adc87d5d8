// Reads a segment from the options of the command line: tasks of the run and new ones, and settings that hold from then on.

import { experimentAt } from "../core/experiment.js";
import { standingTasks } from "../core/state.js";
import { namedTasks } from "../data/task-list.js";
import { loadNamed } from "../data/tasks.js";
import { changedSettings } from "../experiments/overrides.js";
import type { Extension } from "../run/extend.js";
import { taskOptions } from "../run/open.js";
import type { RunRecord } from "../run/record.js";
import { dataProgress } from "./data-progress.js";
import type { EngineOptions } from "./engine-options.js";
import { linesOf } from "./output.js";

export interface SegmentOptions extends EngineOptions {
  readonly tasks: string;
  readonly iterations: number;
  readonly seed?: number;
  readonly set: readonly string[];
}

/** The segment that `options` describe, with its new tasks loaded. Throws task/unknown, setting/unknown, options/not-valid, data/… */
export async function segmentOf(
  { experiment, state }: RunRecord,
  options: SegmentOptions,
): Promise<Required<Extension>> {
  const { iterations, seed } = options;
  const settings = {
    ...changedSettings(experimentAt(experiment, state), options.set),
    ...(seed !== undefined && { seed }),
  };
  const known = standingTasks(state).map(({ name }) => name);
  const named = namedTasks(options.tasks, experiment.tasks, known);
  const shown = dataProgress(linesOf(options));
  const tasks = await loadNamed(named, {
    ...taskOptions(experiment),
    onProgress: shown.show,
    onNote: shown.note,
  }).finally(shown.end);
  return { tasks, iterations, settings };
}
