// What forgetting a task would cost, before it is done: the model that falls, what others keep of it, and what it took to make
// it. No other model changes, because a model never does: those that grew from it keep their layers.

import { unknownName } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import type { ModelId, TaskName } from "../core/model.js";
import { isForgotten, type State, standingTasks } from "../core/state.js";
import { coreTime, withCoreMs } from "./core-time.js";
import { layerUse, paramsOf, survivorsOf, usersBeside } from "./survivors.js";
import { modelTransfer } from "./transfer.js";

export interface PriceOfForgetting {
  readonly task: TaskName;
  /** The model that falls; null if the task has none. */
  readonly model: {
    readonly id: ModelId;
    readonly accuracy: number | null;
    readonly testAccuracy: number | null;
    /** Layers that no other task uses, which are removed, and their parameters; counts. */
    readonly ownLayers: number;
    readonly ownParams: number;
  } | null;
  /** Models of other tasks that were trained on it in part, with the share of their steps in (0, 1]; they stay as they are. */
  readonly heirs: readonly { readonly task: TaskName; readonly share: number }[];
  /** What the task's model took: activations, children, and minutes of training times threads (null if the run doesn't say). */
  readonly took: {
    readonly activations: number;
    readonly children: number;
    readonly coreMinutes: number | null;
  };
}

/** The price of forgetting `task`. `events` are the effective ones; `threads` those that the run began with. Throws task/unknown. */
export function priceOfForgetting(
  { state, events, threads }: { state: State; events: readonly Event[]; threads?: number | undefined },
  task: TaskName,
): PriceOfForgetting {
  const known = standingTasks(state).map(({ name }) => name);
  if (!known.includes(task)) throw unknownName("task", task, known, "in this run");
  const survivors = survivorsOf(state);
  const model = survivors.find((each) => each.task === task);
  const others = usersBeside(layerUse(state), task);
  const own = (model?.path ?? []).filter(({ id }) => !others.has(id));
  const heirs = survivors.flatMap((other) => {
    const share = modelTransfer(other)[task] ?? 0;
    return other.task === task || share === 0 ? [] : [{ task: other.task!, share }];
  });
  const isOfIt = (id: ModelId): boolean => {
    const child = state.models.get(id);
    return child?.task === task && !isForgotten(state, child);
  };
  let took = { activations: 0, children: 0, coreMs: 0 };
  for (const { event, coreMs } of withCoreMs(events, threads)) {
    if (event.type === "task-forgotten" && event.task === task)
      took = { activations: 0, children: 0, coreMs: 0 };
    if (event.type === "activation-ended" && event.task === task) took.activations += 1;
    if (event.type === "child-planned" && isOfIt(event.plan.child)) took.children += 1;
    if (event.type === "child-validated" && isOfIt(event.child)) took.coreMs += coreMs;
  }
  return {
    task,
    model: model
      ? {
          id: model.id,
          accuracy: model.accuracy,
          testAccuracy: model.testAccuracy,
          ownLayers: own.length,
          ownParams: paramsOf(own),
        }
      : null,
    heirs: heirs.sort((a, b) => b.share - a.share),
    took: {
      activations: took.activations,
      children: took.children,
      coreMinutes: coreTime(took.coreMs, 60_000),
    },
  };
}
