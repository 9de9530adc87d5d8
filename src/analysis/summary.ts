// The whole result of a run as one JSON document, which `--json` prints and the report's headline uses.

import { type Experiment, experimentOfModel } from "../core/experiment.js";
import type { State } from "../core/state.js";
import { type TaskResult, taskResults } from "./accuracy.js";
import { paramsOf, systemLayers } from "./survivors.js";

/** Measurements of a run from its clock and journal, which the caller has. */
export interface Measures {
  readonly wallSeconds: number;
  readonly trainSeconds: number;
  readonly digest: string;
}

/** The document of `--json`. */
export interface Summary extends Measures {
  readonly experiment: string;
  readonly budget: string;
  readonly seed: number;
  readonly ended: boolean;
  readonly tasks: readonly TaskResult[];
  /** Children that were trained, kept or not. */
  readonly children: number;
  /** Training examples seen by all children together: gradient steps times the batch. */
  readonly examplesTrained: number;
  /** Parameters of the whole multitask network: the distinct layers of all retained models. */
  readonly systemParams: number;
}

/** The whole result of a run as one JSON document. */
export function summaryOf(state: State, experiment: Experiment, measures: Measures): Summary {
  const trained = state.models.filter((model) => model.status !== "root" && model.status !== "training");
  return {
    experiment: experiment.name,
    budget: experiment.budget,
    seed: experiment.seed,
    ended: state.ended,
    tasks: taskResults(state),
    children: trained.length,
    examplesTrained: trained.reduce(
      (sum, model) => sum + model.steps * experimentOfModel(experiment, state, model).training.batchSize,
      0,
    ),
    systemParams: paramsOf(systemLayers(state)),
    ...measures,
  };
}
