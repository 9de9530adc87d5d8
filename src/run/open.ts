// A run: a folder in which an experiment evolves. `open` begins or continues it, `extend` adds tasks, `forget` removes one.
// State is always the fold of the journal.

import { join } from "node:path";
import {
  differentExperiment,
  experimentNotValid,
  hasCode,
  journalWithoutLayers,
  notARun,
  runBusy,
} from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import { type Experiment, substanceOf, withoutWish } from "../core/experiment.js";
import type { State } from "../core/state.js";
import type { Task } from "../core/task.js";
import { deviceOf } from "../engine/devices.js";
import { defaultThreads } from "../engine/limits.js";
import { MERGED_FORMAT } from "../store/format.js";
import { canonicalJson } from "./digest.js";
import { Evolution, type OpenOptions, type Run } from "./evolution.js";
import { experimentMisfit } from "./experiment-fit.js";
import { createRun, JOURNAL_FILE, openRun, type RunFolder, readRun as readFolder } from "./folder.js";
import { type Json, RUN_FILE } from "./header.js";
import { History } from "./history.js";
import { orphans } from "./layers.js";
import { needed } from "./needed-tasks.js";
import { experimentProblem, parseExperiment } from "./parse-experiment.js";
import { refusePrivateImages, refusePrivateRoot } from "./private-root.js";
import { refuseReserved } from "./refused-tasks.js";
import { versions } from "./versions.js";

export type { Listener, OpenOptions, Run, RunStatus } from "./evolution.js";

export { taskOptions } from "./task-options.js";

/**
 * Opens the run in `dir` and evolves it: a new run of `experiment`, or the existing one from where it stopped. An
 * `experiment` that differs from the folder's is refused. Throws run/…, store/…, task/…, data/….
 */
export async function open(dir: string, experiment?: Experiment, options: OpenOptions = {}): Promise<Run> {
  const { folder, stored, loaded } = await openFolder(dir, experiment, options);
  return releasing(folder, async (history) => {
    const past = { state: history.standing().state, images: history.tally.images, events: mergedOf(history) };
    const tasks = await needed(dir, past, stored, { ...options, tasks: loaded });
    return new Evolution(folder, stored, tasks, history, options).begin();
  });
}

/** The events of a run into which another one was merged, which say how its tasks are split; none for other runs. */
export const mergedOf = (history: Pick<History, "run" | "events">): readonly Event[] =>
  history.run.header.format >= MERGED_FORMAT ? history.events : [];

/** Throws if activations, which would then start from other models, or tests are still to come. */
export function refuseBusy(dir: string, state: State): void {
  if (!state.ended) throw runBusy(dir);
}

/** Throws if run.json could not be read back (JSON has no Infinity, and the numbers have ranges), or if the experiment can't work. */
export function refuseImpossible(experiment: Experiment): void {
  const problem = experimentProblem(JSON.parse(JSON.stringify(experiment))) ?? experimentMisfit(experiment);
  if (problem) throw experimentNotValid(problem.path, problem.found, problem.expected);
}

/** Reads the journal of an open folder and works on it; closes the folder if that fails. */
export async function releasing<T>(folder: RunFolder, work: (history: History) => Promise<T>): Promise<T> {
  try {
    const history = await History.of(folder);
    if (folder.tip === null) await refuseOrphans(folder, history.events);
    return await work(history);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** For a run without tip.json: throws if there are layers that the journal can't explain. */
async function refuseOrphans({ dir, store }: RunFolder, events: readonly Event[]): Promise<void> {
  const found = await orphans(events, store);
  if (found.length > 0) throw journalWithoutLayers(join(dir, JOURNAL_FILE), found);
}

export async function openFolder(
  dir: string,
  experiment: Experiment | undefined,
  options: OpenOptions,
): Promise<{ folder: RunFolder; stored: Experiment; loaded: readonly Task[] }> {
  const there = await readFolder(dir).catch((error) => {
    if (hasCode(error, "run/not-a-run") && experiment) return undefined;
    throw error;
  });
  if (!there) {
    if (!experiment) throw notARun(dir, RUN_FILE);
    refuseReserved(experiment.tasks);
    const own = withoutWish(experiment);
    refuseImpossible(own);
    refusePrivateRoot(experiment.root, experiment.tasks);
    const loaded = await refusePrivateImages(experiment, options.tasks);
    const header = {
      experiment: own as unknown as Json,
      seed: experiment.seed,
      versions: versions(),
      device: deviceOf(options.engine ?? "onnx", options.device),
      threads: options.threads ?? defaultThreads(),
      ...(options.keep && { keep: options.keep }),
    };
    return { folder: await createRun(dir, header), stored: own, loaded };
  }
  const stored = parseExperiment(there.header.experiment, `${dir}/${RUN_FILE}`);
  if (experiment && canonicalJson(substanceOf(experiment)) !== canonicalJson(substanceOf(stored)))
    throw differentExperiment(dir, differenceOf(experiment, stored));
  return { folder: await openRun(dir), stored, loaded: options.tasks ?? [] };
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields in which two experiments differ, in words. */
function differenceOf(asked: Experiment, stored: Experiment): string {
  const [mine, other]: Fields[] = [substanceOf(asked), substanceOf(stored)];
  const keys = Object.keys({ ...mine, ...other }).filter(
    (key) => canonicalJson(mine![key] ?? null) !== canonicalJson(other![key] ?? null),
  );
  const show = (value: unknown): string => {
    const text = JSON.stringify(value) ?? "nothing";
    return text.length > 60 ? `${text.slice(0, 57)}…` : text;
  };
  return keys.map((key) => `its ${key} is ${show(other![key])}, not ${show(mine![key])}`).join("; ");
}
