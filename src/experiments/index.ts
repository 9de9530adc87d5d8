// The experiments by name.

import { unknownName } from "../core/errors/index.js";
import type { BudgetName, Experiment, RootSpec, TaskSpec } from "../core/experiment.js";
import { characters } from "./characters.js";
import { decathlon } from "./decathlon.js";
import { LARGE_NAMES, large } from "./large.js";
import { preliminary } from "./preliminary.js";

export interface ExperimentOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
  /** The root, for experiments that start from a pretrained one (experiments/roots). */
  readonly root?: RootSpec;
}

export const EXPERIMENTS: Readonly<Record<string, (options: ExperimentOptions) => Experiment>> = {
  preliminary,
  characters,
  decathlon,
  ...Object.fromEntries(LARGE_NAMES.map((name) => [name, (options) => large(name, options)])),
};

/** The experiment `name`. Throws experiment/unknown with the nearest name. */
export function experimentOf(name: string, options: ExperimentOptions): Experiment {
  const make = Object.hasOwn(EXPERIMENTS, name) ? EXPERIMENTS[name] : undefined;
  if (!make) throw unknownName("experiment", name, Object.keys(EXPERIMENTS));
  return make(options);
}

export const BUDGET_NAMES: readonly BudgetName[] = ["paper", "laptop", "smoke"];
