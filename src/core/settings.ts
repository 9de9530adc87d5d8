// What an extension of a run may set anew for the activations that it adds. A system that grows for months changes its
// batches, budgets, search spaces and scores between segments (µ2Net §5.4–5.6); what was evolved before stays as it was.

import { type Experiment, scheduleOf } from "./experiment.js";
import type { Model, ModelId } from "./model.js";
import type { State } from "./state.js";

/** The part of an experiment that one segment of a run may have otherwise than the segment before. */
export type Settings = Pick<Experiment, "method" | "training" | "generations" | "children" | "seed">;

/** Settings that hold from an activation on; what they leave out stays as it was. */
export interface Change {
  /** The first activation that they hold for, counted from 0 over the whole run. */
  readonly from: number;
  /** The first model that they hold for. */
  readonly firstModel: ModelId;
  readonly settings: Partial<Settings>;
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
