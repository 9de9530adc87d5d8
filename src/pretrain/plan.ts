// A pretraining as data: one child whose layers are all new, its hyperparameters, and the division of its steps into cycles.
// The values are those that worked on characters (method.md, Appendix 3): a high learning rate, little cropping, no flip.

import { type ComponentName, componentNames, type Shape } from "../core/components.js";
import type { Hyperparams } from "../core/hyperparams.js";
import { munet } from "../core/methods.js";
import type { Plan, TaskName } from "../core/model.js";
import { batchesPerCycle, type Training } from "../core/training.js";

/** Most validations of a pretraining whose steps are no more than an epoch each; a cycle never is longer. */
const VALIDATIONS = 20;

/** Everything that determines a pretrained root, besides the images. */
export interface Pretraining {
  readonly shape: Shape;
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

export const pretrainHyperparams = ({ shape, learningRate }: Pretraining): Hyperparams => ({
  ...munet.defaults,
  learningRate,
  schedule: "cosine",
  warmupRatio: 0.1,
  momentum: 0.9,
  areaMin: 0.5,
  flip: false,
  imageSize: shape.imageSize,
  blocks: shape.blocks,
});

/** The one child that is trained. */
export const pretrainPlan = (of: Pretraining, task: TaskName): Plan => ({
  child: 1,
  parent: 0,
  task,
  shape: of.shape,
  positions: componentNames(of.shape).map((name: ComponentName) => ({ name, source: { how: "init" } })),
  hyperparams: pretrainHyperparams(of),
  mutations: [],
  reference: null,
  sizeFactor: 1,
});

/** The steps as equal cycles with a validation after each: the requested number, or up to a cycle more. */
export function pretrainTraining({ steps, batchSize }: Pretraining, trainCount: number): Training {
  const epoch = Math.ceil(trainCount / batchSize);
  const perCycle = Math.min(epoch, Math.ceil(steps / VALIDATIONS));
  return {
    batchSize,
    cycles: Math.ceil(steps / perCycle),
    examplesPerCycle: perCycle * batchSize,
    validationExamples: 2_048,
    clipNorm: 1,
  };
}

/** Gradient steps of a training; a count. */
export const stepCount = (training: Training, trainCount: number): number =>
  training.cycles * batchesPerCycle(training, trainCount);
