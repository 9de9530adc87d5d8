// An experiment as plain data: what is evolved, on what, for how long. Stored whole in a run's run.json, so that a run
// continues as it began, whatever the defaults of later versions of mulab.

import type { Backbone } from "./components.js";
import type { Access, Model, TaskName } from "./model.js";
import type { Change, Settings } from "./settings.js";
import type { State } from "./state.js";
import type { LabelKeeping, OwnImages } from "./task.js";

export type BudgetName = "paper" | "laptop" | "smoke";

export interface TaskSpec {
  readonly name: TaskName;
  readonly access: Access;
  /** Where the images are, for a task that is not in the catalog. */
  readonly images?: OwnImages;
  /** The augmentations that keep the labels; by default all, as in the papers. */
  readonly keeps?: LabelKeeping;
}

/** What mulab pretrained a root on. */
export interface TrainedOn {
  readonly task: TaskName;
  /** Prints of its images (data/prints), which identify them under any name; none for files of earlier versions. */
  readonly images: readonly string[];
}

/** Where the root's layers come from: random weights (µ2Net §4), or the first `blocks` blocks of a checkpoint (muNet §3.1). */
export type RootSpec =
  | { readonly kind: "random"; readonly backbone: Backbone; readonly blocks: number }
  | {
      readonly kind: "checkpoint";
      readonly backbone: Backbone;
      readonly blocks: number;
      /** Name or path, as it was given. */
      readonly file: string;
      /** Hash of the whole file, hexadecimal: the file found under the name must match it. */
      readonly sha256: string;
      /** What the weights were trained on, in a few words. */
      readonly origin: string;
      /** The same as data, if mulab made the root. */
      readonly trainedOn?: TrainedOn;
    };

/** How mulab pretrains a root that is missing; plain numbers, so that equal recipes make equal roots. */
export interface RootRecipe {
  /** Name and version: any change below makes a new recipe. */
  readonly recipe: string;
  readonly task: TaskName;
  readonly backbone: string;
  readonly blocks: number;
  readonly imageSize: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
  /** How long it takes, for people. */
  readonly forecast: string;
}

/** The root that an experiment asks for until it is prepared: the paper's file, or else what the recipe makes. */
export interface RootWish {
  readonly file: string;
  readonly blocks: number;
  readonly recipe?: RootRecipe;
}

/** The `origin` of a root that mulab pretrained, in words. */
export const pretrainedOrigin = (task: TaskName, steps: number): string =>
  `pretrained by mulab on ${task}, ${steps} steps`;

/** The task on which mulab pretrained `root`; null if mulab didn't make it. */
export function pretrainingTask(root: RootSpec | undefined): TaskName | null {
  if (root?.kind !== "checkpoint") return null;
  if (root.trainedOn) return root.trainedOn.task;
  // Runs of earlier versions have it only in their origin.
  return /^pretrained by mulab on (.+), \d+ steps$/.exec(root.origin)?.[1] ?? null;
}

export interface Experiment extends Settings {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Where it comes from: paper, section, arXiv number. */
  readonly source: string;
  readonly budget: BudgetName;
  readonly root: RootSpec;
  /** Not part of a run: experiments/prepare finds or makes this root and removes the wish. */
  readonly rootWish?: RootWish;
  readonly tasks: readonly TaskSpec[];
  /** Passes over the list of tasks. */
  readonly iterations: number;
  /** Share of the training rows held out for validation, in (0, 1). */
  readonly validationFraction: number;
  /** Most images per split; for short budgets. */
  readonly limit?: number;
  /** Width and height in pixels to which images of varying sizes are decoded; by default the catalog's. */
  readonly decodedSize?: number;
  /** What to expect on two laptop cores. */
  readonly expected: { readonly minutes: number; readonly result: string };
}

/** The experiment as a run stores it: with the root that it has, without the one that it asked for. */
export const withoutWish = ({ rootWish: _, ...experiment }: Experiment): Experiment => experiment;

/** The experiment without its descriptions: a later version of mulab may reword them without keeping a run from continuing. */
export function substanceOf(experiment: Experiment) {
  const { title: _title, source: _source, expected: _expected, root, ...rest } = withoutWish(experiment);
  if (root.kind === "random") return { ...rest, root };
  const { trainedOn: _trainedOn, ...file } = root; // follows from the file, which the sha256 identifies
  return { ...rest, root: file };
}

/** Children of the experiment, without what a run of it was extended by; a count. */
export const childCount = (e: Experiment): number =>
  e.iterations * e.tasks.length * e.generations * e.children;

/** The tasks of all activations, in order: the experiment's iterations over its list, then the extensions. */
export function scheduleOf(
  experiment: Experiment,
  { extension }: Pick<State, "extension">,
): readonly TaskName[] {
  const names = experiment.tasks.map((task) => task.name);
  return [...Array.from({ length: experiment.iterations }, () => names).flat(), ...extension];
}

/** `experiment` with the settings in force for activation `activation` of the run, counted from 0; default: the one that runs or comes next. */
export const experimentAt = (
  experiment: Experiment,
  { changes, activations }: Pick<State, "changes" | "activations">,
  activation: number = activations,
): Experiment =>
  withChanges(
    experiment,
    changes.filter(({ from }) => from <= activation),
  );

/** `experiment` with the settings that `model` was trained by. */
export const experimentOfModel = (
  experiment: Experiment,
  { changes }: Pick<State, "changes">,
  { id }: Pick<Model, "id">,
): Experiment =>
  withChanges(
    experiment,
    changes.filter(({ firstModel }) => firstModel <= id),
  );

const withChanges = (experiment: Experiment, changes: readonly Change[]): Experiment =>
  changes.length === 0
    ? experiment
    : Object.assign({}, experiment, ...changes.map(({ settings }) => settings));

/** Children of a whole run, with all that it was extended by; a count. */
export const plannedChildren = (experiment: Experiment, state: State): number =>
  scheduleOf(experiment, state).reduce((sum, _task, activation) => {
    const { generations, children } = experimentAt(experiment, state, activation);
    return sum + generations * children;
  }, 0);
