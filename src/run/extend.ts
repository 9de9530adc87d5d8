// A run that has ended grows by a segment: new tasks, its own ones again, under the same settings or others.

import { accessText, keepsReaders } from "../core/access.js";
import { componentParamCount } from "../core/components.js";
import { unknownName, valueNotValid } from "../core/errors/index.js";
import type { Clock } from "../core/event.js";
import { experimentAt } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Settings } from "../core/settings.js";
import { applyEvent, type State } from "../core/state.js";
import type { Task } from "../core/task.js";
import { Evolution, type OpenOptions, type Run, taskRecordOf } from "./evolution.js";
import { needed } from "./needed-tasks.js";
import { mergedOf, openFolder, refuseBusy, refuseImpossible, releasing } from "./open.js";
import { refusePrivateImages, refusePrivateRoot } from "./private-root.js";
import { refuseReserved, refuseUnsound } from "./refused-tasks.js";

/** What a run is extended by: a segment. µ2Net §5.3–5.6. */
export interface Extension {
  /** For people, such as "VTAB-full". */
  readonly title?: string;
  /** Tasks that are new to the run, loaded (data/tasks, data/folder-task); or the names of its own tasks, which are activated again. */
  readonly tasks: readonly (Task | TaskName)[];
  /** How often each of them is activated, from 1; default 2. */
  readonly iterations?: number;
  /** Settings that change from here on; all others stay as they were. */
  readonly settings?: Partial<Settings>;
}

/**
 * Evolves a segment into the run in `dir`, which must have ended: models start from what is there, which does not change.
 * Throws as `open`, and run/busy, options/not-valid, task/unknown.
 */
export async function extend(
  dir: string,
  { title, tasks: asked, iterations = 2, settings }: Extension,
  options: OpenOptions = {},
): Promise<Run> {
  if (!Number.isSafeInteger(iterations) || iterations < 1)
    throw valueNotValid("iterations", iterations, "a whole number, at least 1");
  const { folder, stored } = await openFolder(dir, undefined, options);
  return releasing(folder, async (history) => {
    const { state } = history.standing();
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
      ...(title && { title }),
      tasks: tasks.map(taskRecordOf),
      schedule: Array.from({ length: iterations }, () => names).flat(),
      ...(settings && Object.keys(settings).length > 0 && { settings }),
      clock: whereImagesAre(tasks),
    } as const;
    const given = { ...options, tasks: [...tasks, ...(options.tasks ?? [])] };
    const past = {
      state: applyEvent(state, extension),
      images: { ...history.tally.images, ...extension.clock.images },
      events: [...mergedOf(history), extension],
    };
    const loaded = await needed(dir, past, stored, given);
    return new Evolution(folder, stored, loaded, history, options).begin(extension);
  });
}

/** What the journal records about the places of a person's own images. */
function whereImagesAre(tasks: readonly Task[]): Pick<Clock, "images"> {
  const own = tasks.flatMap(({ name, images }) => (images ? [[name, images] as const] : []));
  return own.length > 0 ? { images: Object.fromEntries(own) } : {};
}

/** Throws if one of `tasks` can't be added, because the run has it or because it was public, so that other models may have been built on it. */
function refuseKnown(tasks: readonly Task[], state: State): void {
  for (const { name, access } of tasks) {
    const known = state.tasks.find((task) => task.name === name);
    if (known && !state.forgotten.includes(name))
      throw valueNotValid("A new task's name", name, "one that the run does not have yet");
    if (known && !keepsReaders(known.access, access))
      throw valueNotValid(
        `The name of a task that is ${accessText(access)}`,
        name,
        `one that was never ${accessText(known.access)} in this run`,
      );
  }
}

/** Throws if a segment names nothing to evolve, a task twice, or one that the run does not have. */
function refuseStrangers(asked: Extension["tasks"], { tasks, forgotten }: State): void {
  if (asked.length === 0) throw valueNotValid("The list of tasks", "nothing", "at least one task");
  const known = tasks.map(({ name }) => name).filter((name) => !forgotten.includes(name));
  const names = asked.map((task) => (typeof task === "string" ? task : task.name));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw valueNotValid("The list of tasks", twice, "each task once");
  const stranger = asked.find((task) => typeof task === "string" && !known.includes(task));
  if (stranger !== undefined) throw unknownName("task", String(stranger), known, "in this run");
}

/** Throws if a search would reach an image size for which the root has no position embedding, because those are made when a run begins. */
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
