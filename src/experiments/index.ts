// The experiments that the command line knows, by name.

import { unknownName } from "../core/errors.js";
import type { BudgetName, Experiment, TaskSpec } from "../core/experiment.js";
import { preliminary } from "./preliminary.js";

export interface ExperimentOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
}

export const EXPERIMENTS: Readonly<Record<string, (options: ExperimentOptions) => Experiment>> = {
  preliminary,
};

/** The experiment `name`. Throws experiment/unknown with the nearest name. */
export function experimentOf(name: string, options: ExperimentOptions): Experiment {
  const make = Object.hasOwn(EXPERIMENTS, name) ? EXPERIMENTS[name] : undefined;
  if (!make) throw unknownName("experiment", name, Object.keys(EXPERIMENTS));
  return make(options);
}

export const BUDGET_NAMES: readonly BudgetName[] = ["paper", "laptop", "smoke"];
