// Knowledge transfer: which tasks trained a model. A layer records its gradient steps by task (its history); a layer's
// shares are its steps on each task divided by all its steps, and a model's shares are the plain mean over its layers that
// were ever trained (the root's untouched layers don't count). µ2Net §5.1, which averages over layers and weighs by gradient
// steps. muNet's Fig. 6 counts ancestors instead.

import type { ComponentName } from "../core/components.js";
import type { Layer, Model, TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { survivorsOf } from "./survivors.js";

/** Share in (0, 1] by task; sums to 1, or empty if nothing was trained. */
export type Shares = Readonly<Record<TaskName, number>>;

/** Gradient steps of `layer` by task. */
export function stepsByTask(layer: Pick<Layer, "history">): Record<TaskName, number> {
  const steps: Record<TaskName, number> = {};
  for (const { task, steps: more } of layer.history) steps[task] = (steps[task] ?? 0) + more;
  return steps;
}

const total = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((sum, value) => sum + value, 0);

/** A layer's gradient steps by task, as shares. */
export function layerTransfer(layer: Pick<Layer, "history">): Shares {
  const steps = stepsByTask(layer);
  const all = total(steps);
  if (all === 0) return {};
  return Object.fromEntries(Object.entries(steps).map(([task, count]) => [task, count / all]));
}

/** A model's gradient steps by task: the mean of the shares of its trained layers. µ2Net §5.1. */
export function modelTransfer(model: Pick<Model, "path">): Shares {
  const trained = model.path.map(layerTransfer).filter((shares) => total(shares) > 0);
  const sums: Record<TaskName, number> = {};
  for (const shares of trained)
    for (const [task, share] of Object.entries(shares)) sums[task] = (sums[task] ?? 0) + share;
  // Divided last: a sum of n shares is rounded to at most n, so that no mean is a hair above 1.
  return Object.fromEntries(Object.entries(sums).map(([task, sum]) => [task, sum / trained.length]));
}

/** Share of `source`'s gradient steps in the retained model of `task`. */
export interface TransferCell {
  readonly task: TaskName;
  readonly source: TaskName;
  readonly share: number;
}

/** Tasks × tasks, row by row in the order of the tasks; tasks without a retained model have no row. */
export const transferCells = (state: State): TransferCell[] =>
  survivorsOf(state).flatMap((model) => {
    const shares = modelTransfer(model);
    return state.tasks.map(({ name }) => ({ task: model.task!, source: name, share: shares[name] ?? 0 }));
  });

/** Where the training of one layer of a retained model came from. */
export interface LayerTransferCell extends TransferCell {
  readonly layer: ComponentName;
  /** Gradient steps of `source`, a count. */
  readonly steps: number;
}

/** Per layer of every retained model, image to head; the final norm too, though graphs hide it. */
export const layerTransferCells = (state: State): LayerTransferCell[] =>
  survivorsOf(state).flatMap((model) =>
    model.path.flatMap((layer) => {
      const shares = layerTransfer(layer);
      const steps = stepsByTask(layer);
      return state.tasks.map(({ name }) => ({
        task: model.task!,
        layer: layer.name,
        source: name,
        share: shares[name] ?? 0,
        steps: steps[name] ?? 0,
      }));
    }),
  );

/** Ancestors of `task`'s retained model by the task that they were made for, as shares, without the model itself and the root. */
export function ancestorCells(state: State): (TransferCell & { readonly ancestors: number })[] {
  return survivorsOf(state).flatMap((model) => {
    const counts: Record<TaskName, number> = {};
    for (let at = parentOf(state, model); at?.task != null; at = parentOf(state, at))
      counts[at.task] = (counts[at.task] ?? 0) + 1;
    const all = total(counts);
    return state.tasks.map(({ name }) => {
      const ancestors = counts[name] ?? 0;
      return { task: model.task!, source: name, ancestors, share: all === 0 ? 0 : ancestors / all };
    });
  });
}

const parentOf = (state: State, model: Model): Model | undefined =>
  model.parent === null ? undefined : state.models.get(model.parent);
