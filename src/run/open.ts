// A run: a folder that an experiment is evolved in. Opening it begins or continues it; it may be extended by more tasks, and a
// task may be forgotten. State is only ever the fold of the journal.

import { join, resolve } from "node:path";
import {
  differentExperiment,
  experimentNotValid,
  hasCode,
  imagesGone,
  journalWithoutLayers,
  notARun,
  runBusy,
  taskNotGiven,
  taskNotSound,
  unknownName,
  valueNotValid,
} from "../core/errors.js";
import { type Event, standing } from "../core/event.js";
import { type Experiment, scheduleOf, substanceOf, type TaskSpec, withoutWish } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { foldEvents, retainedModels, type State } from "../core/state.js";
import { type OwnImages, type Task, taskProblem } from "../core/task.js";
import { isTaskName } from "../data/catalog/catalog.js";
import { checkSpecs, loadTask } from "../data/tasks.js";
import { deviceOf } from "../engine/devices.js";
import { defaultThreads } from "../engine/limits.js";
import { canonicalJson } from "./digest.js";
import { Evolution, type OpenOptions, type Run } from "./evolution.js";
import { experimentMisfit } from "./experiment-fit.js";
import {
  createRun,
  eventsOf,
  JOURNAL_FILE,
  type Json,
  openRun,
  RUN_FILE,
  type RunFolder,
  readRun as readFolder,
} from "./folder.js";
import { orphans } from "./layers.js";
import { experimentProblem, parseExperiment } from "./parse-experiment.js";
import { refusePrivateImages, refusePrivateRoot } from "./private-root.js";
import { taskOptions } from "./task-options.js";
import { versions } from "./versions.js";

export type { Listener, OpenOptions, Run, RunStatus } from "./evolution.js";
export { taskOptions } from "./task-options.js";

/**
 * Opens the run in `dir` and evolves it: a new one with `experiment`, or the one that is there, from where it stopped. An
 * `experiment` that differs from the folder's is refused. Throws run/…, store/…, task/…, data/….
 */
export async function open(dir: string, experiment?: Experiment, options: OpenOptions = {}): Promise<Run> {
  const { folder, stored, loaded } = await openFolder(dir, experiment, options);
  return releasing(folder, async (events) => {
    const tasks = await needed(dir, events, stored, { ...options, tasks: loaded });
    return new Evolution(folder, stored, tasks, events, options).begin();
  });
}

/** Throws where a task that was given is not one that can be trained on. */
export function refuseUnsound(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const problem = taskProblem(task);
    if (problem) throw taskNotSound(String(task.name), problem.path, problem.found, problem.expected);
  }
}

/** Line ends of any kind and other control characters: no chart, table or terminal can show them as they are. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/gu;

/** Tasks are keys of plain objects in the state, so the few names that every object has are taken. */
export function refuseReserved(tasks: readonly { readonly name: TaskName }[]): void {
  for (const { name } of tasks) {
    if (name === "" || name in {})
      throw valueNotValid("A task's name", name, "another name, such as mine/leaves");
    if (name.search(UNPRINTABLE) >= 0)
      throw valueNotValid(
        "A task's name",
        name.replaceAll(UNPRINTABLE, "\ufffd"),
        "one without line ends and control characters, such as mine/leaves",
      );
  }
}

/** Throws where anything is still to come: activations, which would have other models to start from, or tests. */
export function refuseBusy(dir: string, state: State): void {
  if (!state.ended) throw runBusy(dir);
}

/** Throws where run.json could not be read again (JSON knows no Infinity, and the numbers have ranges), or nothing could come of it. */
export function refuseImpossible(experiment: Experiment): void {
  const problem = experimentProblem(JSON.parse(JSON.stringify(experiment))) ?? experimentMisfit(experiment);
  if (problem) throw experimentNotValid(problem.path, problem.found, problem.expected);
}

/** Reads the journal of an open folder and works on it; the folder is closed where that fails. */
export async function releasing<T>(folder: RunFolder, work: (events: Event[]) => Promise<T>): Promise<T> {
  try {
    const events = await eventsOf(folder);
    if (folder.tip === null) await refuseOrphans(folder, events);
    return await work(events);
  } catch (error) {
    await folder.close();
    throw error;
  }
}

/** Throws where layers are there that the journal can't explain, for a run without tip.json. */
async function refuseOrphans({ dir, store }: RunFolder, events: readonly Event[]): Promise<void> {
  const found = await orphans(events, store);
  if (found.length > 0) throw journalWithoutLayers(join(dir, JOURNAL_FILE), found);
}

/** The tasks that what is left of the run trains or tests on: those that were given, the others loaded. */
export async function needed(
  dir: string,
  events: readonly Event[],
  experiment: Experiment,
  { tasks: given = [], images = {} }: OpenOptions,
): Promise<Task[]> {
  const state = foldEvents(standing(events));
  const untested = retainedModels(state).flatMap((m) =>
    m.task !== null && m.testAccuracy === null ? [m.task] : [],
  );
  const coming = scheduleOf(experiment, state).slice(state.activations);
  const begun = state.tasks.length > 0;
  const names = new Set([
    ...(begun ? [] : experiment.tasks.map((task) => task.name)),
    ...coming,
    ...untested,
  ]);
  const known = imagesOf(experiment, events, images);
  const specs = [...state.tasks, ...experiment.tasks]
    .filter(({ name }, i, all) => names.has(name) && all.findIndex((task) => task.name === name) === i)
    .map(({ name, access, keeps }): TaskSpec => {
      const own = known.get(name);
      return { name, access, ...(keeps && { keeps }), ...(own && { images: own }) };
    });
  const used = given.filter(({ name }) => names.has(name));
  refuseUnsound(used);
  for (const { name, access } of used) {
    const asked = specs.find((spec) => spec.name === name)!.access;
    if (access !== asked)
      throw valueNotValid(`The access of task "${name}"`, access, `${asked}, as the run has it`);
  }
  const missing = specs.filter(({ name }) => !used.some((task) => task.name === name));
  for (const { name, images } of missing) if (begun && !images && !isTaskName(name)) throw taskNotGiven(name);
  checkSpecs(missing);
  const loaded: Task[] = [];
  for (const spec of missing)
    loaded.push(
      await loadTask(spec, taskOptions(experiment)).catch((error: unknown) => {
        throw begun && spec.images ? imagesGone(dir, spec.name, spec.images.path, error) : error;
      }),
    );
  return [...used, ...loaded];
}

/** Where the own images of a run's tasks are: as given when it was begun or extended, unless they have moved. */
function imagesOf(
  experiment: Experiment,
  events: readonly Event[],
  moved: Readonly<Record<TaskName, string>>,
): ReadonlyMap<TaskName, OwnImages> {
  const known = new Map(experiment.tasks.flatMap(({ name, images }) => (images ? [[name, images]] : [])));
  for (const { clock } of events)
    for (const [name, images] of Object.entries(clock?.images ?? {})) known.set(name, images);
  for (const [name, path] of Object.entries(moved)) {
    const images = known.get(name);
    if (!images) throw unknownName("task", name, [...known.keys()], "with images of your own in this run");
    known.set(name, { ...images, path: resolve(path) });
  }
  return known;
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
    };
    return { folder: await createRun(dir, header), stored: own, loaded };
  }
  const stored = parseExperiment(there.header.experiment, `${dir}/${RUN_FILE}`);
  if (experiment && canonicalJson(substanceOf(experiment)) !== canonicalJson(substanceOf(stored)))
    throw differentExperiment(dir, differenceOf(experiment, stored));
  return { folder: await openRun(dir), stored, loaded: options.tasks ?? [] };
}

type Fields = Readonly<Record<string, unknown>>;

/** The first fields in which two experiments differ, in words. */
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
