// How long children train and how they are validated (method.md §e.1, §e.2, §e.4): counts and the learning-rate curve.

import type { Hyperparams } from "./hyperparams.js";

/** The budget of one child, the same for every child of an experiment. */
export interface Training {
  readonly batchSize: number;
  /** Cycles: a child is validated this many times. */
  readonly cycles: number;
  /** Most examples of a cycle; fewer where the task has fewer. */
  readonly examplesPerCycle: number;
  /** Most validation examples. */
  readonly validationExamples: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm: number;
}

/** Batches of one cycle: ⌈min(train examples, cap) / batch⌉. */
export const batchesPerCycle = (training: Training, trainCount: number): number =>
  Math.ceil(Math.min(trainCount, training.examplesPerCycle) / training.batchSize);

/** How `count` validation images are cut into equal batches: always the first `batches * size` images. §e.4. */
export function validationBatches(
  training: Pick<Training, "validationExamples" | "batchSize">,
  count: number,
): { batches: number; size: number } {
  const { validationExamples: limit, batchSize } = training;
  if (count >= limit)
    return { batches: Math.max(1, Math.floor(limit / batchSize)), size: Math.min(batchSize, limit) };
  const batches = Math.ceil(count / batchSize);
  return { batches, size: Math.floor(count / batches) };
}

/** Learning rate of step `step` (from 0) of `totalSteps`. §e.2: cosine, restarts (once a cycle) or constant (half). */
export function learningRateAt(
  step: number,
  totalSteps: number,
  stepsPerCycle: number,
  { learningRate, schedule, warmupRatio }: Pick<Hyperparams, "learningRate" | "schedule" | "warmupRatio">,
): number {
  switch (schedule) {
    case "constant":
      return learningRate / 2;
    case "cosine":
      return cosine(step, totalSteps, learningRate, warmupRatio);
    case "restarts":
      return cosine(step % stepsPerCycle, stepsPerCycle, learningRate, warmupRatio);
  }
}

function cosine(step: number, steps: number, peak: number, warmupRatio: number): number {
  const warmup = Math.floor(warmupRatio * steps);
  if (step < warmup) return peak / 100 + (peak - peak / 100) * (step / warmup);
  return (peak / 2) * (1 + Math.cos((Math.PI * (step - warmup)) / (steps - warmup)));
}
