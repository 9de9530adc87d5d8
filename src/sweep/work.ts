// The work of a planned run, counted before it starts: examples exactly, floating-point operations roughly, because the
// layers that muNet's children train are drawn during the run.

import type { SweepPoint } from "../analysis/point.js";
import { componentNames, type Shape } from "../core/components.js";
import { childCount, type Experiment } from "../core/experiment.js";
import { forwardFlops } from "../core/flops.js";
import type { TaskName } from "../core/model.js";
import type { Task } from "../core/task.js";
import { batchesPerCycle } from "../core/training.js";
import { hasReplicas, type Variant } from "../core/variant.js";

/** Training images of each task. */
export type TrainCounts = Readonly<Record<TaskName, number>>;

export const trainCounts = (tasks: readonly Task[]): TrainCounts =>
  Object.fromEntries(tasks.map(({ name, splits }) => [name, splits.train.count]));

/** The same for runs that have ended. */
export const countsOf = (points: readonly SweepPoint[]): TrainCounts =>
  Object.fromEntries(points.flatMap(({ tasks }) => tasks.map(({ task, images }) => [task, images.train])));

/** The work of a run. */
export interface Work {
  readonly children: number;
  /** Training examples seen by all children together. */
  readonly examples: number;
  /** Of training, each child counted as if trained alone; an estimate for muNet. */
  readonly flops: number;
  /** Those that are really computed: replicas that end alike are trained once (engine/replicas). */
  readonly computed: number;
}

/** The work of `experiment` under `variant`. */
export function workOf(experiment: Experiment, variant: Variant, counts: TrainCounts): Work {
  const { training, tasks, iterations, generations, children, root, method } = experiment;
  const cycles = tasks.reduce((sum, { name }) => sum + batchesPerCycle(training, counts[name] ?? 0), 0);
  const examples = cycles * training.batchSize * training.cycles * children * generations * iterations;
  const { imageSize, adapterDim } = method.defaults;
  const slots = Array.from({ length: root.blocks }, (_, i) => i);
  const shape: Shape = {
    backbone: root.backbone,
    imageSize,
    blocks: root.blocks,
    adapters: variant.method === "adapters" ? slots : [],
    adapterDim,
    classes: 10,
  };
  const forward = forwardFlops(componentNames(shape), shape);
  const { counted, computed } = passes(variant, root.blocks);
  const forwards = examples * forward;
  return {
    children: childCount(experiment),
    examples,
    flops: forwards * counted,
    computed: (forwards * computed) / (hasReplicas(variant) ? children : 1),
  };
}

/** Training as a multiple of the forward pass: as counted for a child alone, and as siblings that share layers compute it. */
interface Passes {
  readonly counted: number;
  readonly computed: number;
}

const alone = (passes: number): Passes => ({ counted: passes, computed: passes });

/** A backward pass costs one more to pass gradients down and one to make those of weights. */
function passes(variant: Variant, blocks: number): Passes {
  switch (variant.method) {
    case "full":
      return alone(3);
    case "top":
      return alone(1 + 2 * (1 - variant.frozen / Math.max(1, blocks)));
    case "multi-head":
      return alone(1);
    case "adapters":
      return ADAPTERS;
    case "munet":
      return variant.scaleFactor < SMALL ? SMALL_MUNET : MUNET;
    case "custom":
      return MUNET;
  }
}

/** Children of muNet train some layers and share the rest, and under a small scale factor lose blocks: what they came to at laptop budget, about. */
const MUNET: Passes = { counted: 1.8, computed: 1.5 };
const SMALL_MUNET: Passes = { counted: 1, computed: 0.4 };
const SMALL = 0.1;
/** Replicas share what is below the first adapter. */
const ADAPTERS: Passes = { counted: 2, computed: 1.6 };
