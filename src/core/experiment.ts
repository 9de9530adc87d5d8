// An experiment as plain data: what is evolved, on what, for how long. Stored whole in a run's run.json, so that a run
// goes on as it began whatever the defaults of a later mulab are.

import type { Backbone } from "./components.js";
import type { Method } from "./methods.js";
import type { Access, TaskName } from "./model.js";
import type { State } from "./state.js";
import type { LabelKeeping, OwnImages } from "./task.js";
import type { Training } from "./training.js";

export type BudgetName = "paper" | "laptop" | "smoke";

export interface TaskSpec {
  readonly name: TaskName;
  readonly access: Access;
  /** Where the images are, for a task that is not in the catalog. */
  readonly images?: OwnImages;
  /** The augmentations that keep the labels; all of them where it is left out, as in the papers. */
  readonly keeps?: LabelKeeping;
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
      /** Of the whole file, in hexadecimal digits: what is found under the name must be this file. */
      readonly sha256: string;
      /** What the weights were trained on, in a few words. */
      readonly origin: string;
    };

/** What is said of a root that mulab pretrained, as its `origin`. */
export const pretrainedOrigin = (task: TaskName, steps: number): string =>
  `pretrained by mulab on ${task}, ${steps} steps`;

/** The task that mulab pretrained `root` on; null where it was not made here. */
export function pretrainingTask(root: RootSpec | undefined): TaskName | null {
  if (root?.kind !== "checkpoint") return null;
  return /^pretrained by mulab on (.+), \d+ steps$/.exec(root.origin)?.[1] ?? null;
}

export interface Experiment {
  /** The name on the command line. */
  readonly name: string;
  readonly title: string;
  /** Where it comes from: paper, section, arXiv number. */
  readonly source: string;
  readonly budget: BudgetName;
  readonly seed: number;
  readonly method: Method;
  readonly training: Training;
  readonly root: RootSpec;
  readonly tasks: readonly TaskSpec[];
  /** How often the list of tasks is gone through. */
  readonly iterations: number;
  /** Generations of an activation, and children of a generation. */
  readonly generations: number;
  readonly children: number;
  /** Share of the training rows that validates, in (0, 1). */
  readonly validationFraction: number;
  /** Most images of a split; for short budgets. */
  readonly limit?: number;
  /** What to expect on two laptop cores. */
  readonly expected: { readonly minutes: number; readonly result: string };
}

/** The experiment without what is only said of it: a later mulab may say it better, and a folder must go on all the same. */
export const substanceOf = ({ title: _title, source: _source, expected: _expected, ...rest }: Experiment) =>
  rest;

/** Children of the whole experiment; a count. */
export const childCount = (e: Experiment): number =>
  e.iterations * e.tasks.length * e.generations * e.children;

/** The tasks of all activations, in order: the experiment's iterations over its list, then what a run was extended by. */
export function scheduleOf(
  experiment: Experiment,
  { extension }: Pick<State, "extension">,
): readonly TaskName[] {
  const names = experiment.tasks.map((task) => task.name);
  return [...Array.from({ length: experiment.iterations }, () => names).flat(), ...extension];
}
