// A child in training: its best version so far, and whether it has diverged.

import { childDiverged } from "../core/errors/index.js";
import type { Plan } from "../core/model.js";
import type { Cycle } from "../core/seams.js";
import type { Task } from "../core/task.js";
import { type GraphChild, names, type Place } from "../graph/generation.js";
import { trainedLayers, type Vectors } from "./children.js";
import type { Tensors } from "./engine.js";
import { isKept } from "./keep.js";
import type { TrainingMethod } from "./wire.js";

/** A child in training. */
export interface Child {
  readonly plan: Plan;
  readonly graph: GraphChild;
  readonly places: readonly Place[];
  best: { readonly score: number; readonly steps: number; readonly vectors: Vectors } | null;
  failure: Cycle["failure"] | null;
}

/** Adds a step's losses to `sums`; a child whose loss is not finite has diverged. */
export function addLosses(children: readonly Child[], results: Tensors, sums: number[], step: number): void {
  children.forEach((child, i) => {
    const loss = results[names.loss(child.graph.key)]![0]!;
    if (Number.isFinite(loss)) sums[i] = sums[i]! + loss;
    else child.failure ??= failureOf(childDiverged(step, loss));
  });
}

/** A loss is from before its step, so the weights are checked too: with weights that are not numbers, every image would be of class 0. */
export function failWithoutNumbers(children: readonly Child[], state: Tensors, step: number): void {
  for (const child of children)
    if (!areNumbers(state[names.theta(child.graph.key)]!))
      child.failure ??= failureOf(childDiverged(step, Number.NaN));
}

/** A plain loop, because it visits every trained number after every cycle, and callbacks took 4 % of a run. */
function areNumbers(weights: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  return Number.isFinite(sum);
}

export function keepIfBetter(
  child: Child,
  accuracy: number,
  steps: number,
  state: Tensors,
  { keepTies }: TrainingMethod,
): void {
  if (!isKept(child.plan, accuracy, child.best?.score ?? null, keepTies)) return;
  const into = child.best?.vectors;
  const copy = (of: Float32Array, old: Float32Array | undefined): Float32Array => {
    if (!old) return of.slice();
    old.set(of);
    return old;
  };
  child.best = {
    score: accuracy * child.plan.sizeFactor,
    steps,
    vectors: {
      theta: copy(state[names.theta(child.graph.key)]!, into?.theta),
      velocity: copy(state[names.velocity(child.graph.key)]!, into?.velocity),
    },
  };
}

/** The outcome in a child's last cycle: the layers of its best version, or why there is none. A child that failed after a version was kept ends with that version. */
export function ending(
  { plan, places, best, failure }: Child,
  task: Task,
  { keepMomentum }: TrainingMethod,
): Pick<Cycle, "kept" | "failure"> {
  if (best) return { kept: trainedLayers(plan, places, best.vectors, task.name, best.steps, keepMomentum) };
  return failure ? { kept: null, failure } : { kept: null };
}

const failureOf = ({ code, message }: { code: string; message: string }) => ({ code, message });
