// A run: a folder that an experiment is evolved in. Opening it begins or continues it; it may be extended by more tasks, and a
// task may be forgotten. State is only ever the fold of the journal.

import { join, resolve } from "node:path";
import { componentParamCount } from "../core/components.js";
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
import { type Clock, type Event, standing } from "../core/event.js";
import { type Experiment, scheduleOf, substanceOf, type TaskSpec, withoutWish } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { experimentAt, type Settings } from "../core/settings.js";
import { foldEvents, retainedModels, type State } from "../core/state.js";
import { type OwnImages, type Task, taskProblem } from "../core/task.js";
import { isTaskName } from "../data/catalog/catalog.js";
import { checkSpecs, loadTask } from "../data/tasks.js";
import { deviceOf } from "../engine/devices.js";
import { defaultThreads } from "../engine/limits.js";
import type { Pruned } from "../store/prunable.js";
import { canonicalJson } from "./digest.js";
import { Evolution, type OpenOptions, type Run, taskRecordOf } from "./evolution.js";
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
import { deadLayers, orphans, refuseMissing, unnamedLayersOf } from "./layers.js";
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

/** A segment that a run grows by. µ2Net §5.3–5.6. */
export interface Extension {
  /** Tasks that are new to the run, loaded (data/tasks, data/folder-task); names of those that it has, which are activated again. */
  readonly tasks: readonly (Task | TaskName)[];
  /** How often each of them is activated, from 1; default 2. */
  readonly iterations?: number;
  /** What is set anew from here on; whatever it leaves out stays as it was. */
  readonly settings?: Partial<Settings>;
}

/**
 * Evolves a segment into the run in `dir`, which must have ended: models start from what is there, which does not change.
 * Throws as `open`, and run/busy, options/not-valid, task/unknown.
 */
export async function extend(
  dir: string,
  { tasks: asked, iterations = 2, settings }: Extension,
  options: OpenOptions = {},
): Promise<Run> {
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    throw valueNotValid("iterations", iterations, "a whole number, at least 1");
  const { folder, stored } = await openFolder(dir, undefined, options);
  return releasing(folder, async (events) => {
    const state = foldEvents(standing(events));
    refuseBusy(dir, state);
    const names = asked.map((task) => (typeof task === "string" ? task : task.name));
    const tasks = asked.filter((task) => typeof task !== "string");
    refuseStrangers(asked, state);
    refuseReserved(tasks);
    refuseUnsound(tasks);
    refuseKnown(tasks, state);
    refusePrivateRoot(stored.root, tasks);
    await refusePrivateImages({ ...stored, tasks }, tasks);
    if (settings) refuseImpossible({ ...experimentAt(stored, state), ...settings });
    if (settings) refuseImageSizes(settings, state);
    const extension = {
      type: "run-extended",
      tasks: tasks.map(taskRecordOf),
      schedule: Array.from({ length: iterations }, () => names).flat(),
      ...(settings && Object.keys(settings).length > 0 && { settings }),
      clock: whereImagesAre(tasks),
    } as const;
    const given = { ...options, tasks: [...tasks, ...(options.tasks ?? [])] };
    const loaded = await needed(dir, [...events, extension], stored, given);
    return new Evolution(folder, stored, loaded, events, options).begin(extension);
  });
}

/**
 * Removes a task's model from the run in `dir`, and from the disk every layer that no other task uses; of a private task
 * nothing is left, which `verify` then proves. Forgetting a task again finishes a removal that was cut short. Throws as
 * `open`, and run/busy, task/unknown.
 */
export async function forget(dir: string, task: TaskName): Promise<Pruned> {
  const { folder } = await openFolder(dir, undefined, {});
  return releasing(folder, async (events) => {
    const state = foldEvents(standing(events));
    refuseBusy(dir, state);
    const known = state.tasks.map(({ name }) => name).filter((name) => !state.forgotten.includes(name));
    const again = state.forgotten.includes(task);
    if (!known.includes(task) && !again) throw unknownName("task", task, known, "in this run");
    const news: Event[] = again ? [] : [{ type: "task-forgotten", task, clock: { at: Date.now() } }];
    await refuseMissing(dir, state, folder.store);
    await folder.journal.append(news);
    const all = [...events, ...news];
    const unnamed = await unnamedLayersOf(task, all, folder.store);
    const pruned = await folder.store.remove([...deadLayers(all), ...unnamed]);
    await folder.close();
    return pruned;
  });
}

/** What the journal says of where the tasks' images are, for those that are a person's own. */
function whereImagesAre(tasks: readonly Task[]): Pick<Clock, "images"> {
  const own = tasks.flatMap(({ name, images }) => (images ? [[name, images] as const] : []));
  return own.length > 0 ? { images: Object.fromEntries(own) } : {};
}

/** Throws where a task that was given is not one that can be trained on. */
function refuseUnsound(tasks: readonly Task[]): void {
  for (const task of tasks) {
    const problem = taskProblem(task);
    if (problem) throw taskNotSound(String(task.name), problem.path, problem.found, problem.expected);
  }
}

/** Line ends of any kind and other control characters: no chart, table or terminal can show them as they are. */
const UNPRINTABLE = /[\p{Cc}\u2028\u2029]/gu;

/** Tasks are keys of plain objects in the state, so the few names that every object has are taken. */
function refuseReserved(tasks: readonly { readonly name: TaskName }[]): void {
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
function refuseBusy(dir: string, state: State): void {
  if (!state.ended) throw runBusy(dir);
}

/** Throws where one of `tasks` can't be added: it is there, or was public, so that others may have been built on it. */
function refuseKnown(tasks: readonly Task[], state: State): void {
  for (const { name, access } of tasks) {
    const known = state.tasks.find((task) => task.name === name);
    if (known && !state.forgotten.includes(name))
      throw valueNotValid("A new task's name", name, "one that the run does not have yet");
    if (known?.access === "public" && access === "private")
      throw valueNotValid("A private task's name", name, "one that was never public in this run");
  }
}

/** Throws where a segment names nothing to evolve, a task twice, or one that the run does not have. */
function refuseStrangers(asked: Extension["tasks"], { tasks, forgotten }: State): void {
  if (asked.length === 0) throw valueNotValid("The list of tasks", "nothing", "at least one task");
  const known = tasks.map(({ name }) => name).filter((name) => !forgotten.includes(name));
  const names = asked.map((task) => (typeof task === "string" ? task : task.name));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw valueNotValid("The list of tasks", twice, "each task once");
  const stranger = asked.find((task) => typeof task === "string" && !known.includes(task));
  if (stranger !== undefined) throw unknownName("task", String(stranger), known, "in this run");
}

/** Throws where a search would reach an image size that the root has no position embedding for: those are made when a run begins. */
function refuseImageSizes({ method }: Partial<Settings>, { models, posembeds }: State): void {
  if (!method) return;
  const { shape, path } = models.get(0)!;
  const there = new Set([...path, ...posembeds].map(({ name, paramCount }) => `${name} ${paramCount}`));
  const sizes = [
    method.defaults.imageSize,
    ...(method.tuneHyperparams ? (method.search.imageSize ?? []) : []),
  ];
  for (const imageSize of sizes) {
    const params = componentParamCount("posembed_input", { ...shape, imageSize });
    if (!there.has(`posembed_input ${params}`))
      throw valueNotValid(
        "imageSize",
        imageSize,
        "a size that the run began with: its root was made for those",
      );
  }
}

/** Throws where run.json could not be read again (JSON knows no Infinity, and the numbers have ranges), or nothing could come of it. */
function refuseImpossible(experiment: Experiment): void {
  const problem = experimentProblem(JSON.parse(JSON.stringify(experiment))) ?? experimentMisfit(experiment);
  if (problem) throw experimentNotValid(problem.path, problem.found, problem.expected);
}

/** Reads the journal of an open folder and works on it; the folder is closed where that fails. */
async function releasing<T>(folder: RunFolder, work: (events: Event[]) => Promise<T>): Promise<T> {
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
async function needed(
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

async function openFolder(
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
