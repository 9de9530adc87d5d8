// The result of a run, one row per task: the accuracy and size of its model, what it shares, and which tasks trained it.

import type { Access, TaskName } from "../core/model.js";
import { accountedParams } from "../core/score.js";
import { type State, standingTasks } from "../core/state.js";
import { layerUse, paramsOf, usersBeside } from "./survivors.js";
import { modelTransfer, type Shares } from "./transfer.js";

/** One task's result; null if the task has no retained model (or test) yet. Accuracies in [0, 1], parameters are counts. */
export interface TaskResult {
  readonly task: TaskName;
  readonly access: Access;
  /** Names of the classes by label, for a person's own images. */
  readonly classNames?: readonly string[];
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  /** Transformer blocks in use. */
  readonly blocks: number | null;
  /** Parameters in layers that neither another task's retained model nor the root uses. */
  readonly ownParams: number | null;
  /** Parameters in all its other layers. */
  readonly sharedParams: number | null;
  /** Parameters, each divided by the number of tasks that use it. muNet eq. 3. */
  readonly accountedParams: number | null;
  /** Share of gradient steps by task (analysis/transfer). */
  readonly transfer: Shares;
}

/** The results of all tasks except forgotten ones, in the experiment's order, under the present sharing. */
export function taskResults(state: State): TaskResult[] {
  const use = layerUse(state);
  return standingTasks(state).map(({ name: task, access, classNames }) => {
    const named = classNames ? { classNames } : {};
    const id = state.retained[task];
    const model = id === undefined ? undefined : state.models.get(id);
    if (!model)
      return {
        task,
        access,
        ...named,
        validationAccuracy: null,
        testAccuracy: null,
        blocks: null,
        ownParams: null,
        sharedParams: null,
        accountedParams: null,
        transfer: {},
      };
    const others = usersBeside(use, task);
    return {
      task,
      access,
      ...named,
      validationAccuracy: model.accuracy,
      testAccuracy: model.testAccuracy,
      blocks: model.shape.blocks,
      ownParams: paramsOf(model.path.filter((layer) => !others.has(layer.id))),
      sharedParams: paramsOf(model.path.filter((layer) => others.has(layer.id))),
      accountedParams: accountedParams(model.path, others),
      transfer: modelTransfer(model),
    };
  });
}
