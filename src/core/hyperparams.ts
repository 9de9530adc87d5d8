// Hyperparameters as data: those of a model, the values that each may take, and the only way in which they change (a step to
// a neighbour). muNet §3 and µ2Net Table 1; method.md §b.3 and §c.

import { hyperparamNotValid } from "./errors/index.js";
import type { Rng } from "./rng.js";

export type Schedule = "constant" | "cosine" | "restarts";

/** The hyperparameters of a model. Ranges: probabilities and ratios in [0, 1]; sizes in pixels or channels. */
export interface Hyperparams {
  /** µ, the probability of each possible mutation. */
  readonly mutationProbability: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Share of the steps in which the learning rate rises. */
  readonly warmupRatio: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly crop: boolean;
  /** Smallest share of the image's area that a crop may keep. */
  readonly areaMin: number;
  /** Smallest width : height ratio of a crop; its inverse is the largest. */
  readonly aspectMin: number;
  readonly flip: boolean;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  readonly hue: number;
  readonly imageSize: number;
  readonly adapterDim: number;
  /** Transformer blocks (`num_layers`). */
  readonly blocks: number;
}

export type HyperparamName = keyof Hyperparams;
export type HyperparamValue = number | boolean | string;

/** How images are prepared for training; sampled once per generation if the method says so (`ds_*` in the published code). */
export const PREPROCESSING = [
  "crop",
  "areaMin",
  "aspectMin",
  "flip",
  "brightness",
  "contrast",
  "saturation",
  "hue",
  "imageSize",
] as const satisfies readonly HyperparamName[];

export type Preprocessing = Pick<Hyperparams, (typeof PREPROCESSING)[number]>;

/** The preprocessing part of a model's hyperparameters. */
export const preprocessingOf = (hyperparams: Hyperparams): Preprocessing =>
  Object.fromEntries(PREPROCESSING.map((name) => [name, hyperparams[name]])) as unknown as Preprocessing;

/** The ordered values of every tunable hyperparameter; one that is missing keeps its default. */
export type SearchSpace = { readonly [K in HyperparamName]?: readonly Hyperparams[K][] };

/** One difference of a child from its parent, for people. */
export type Mutation =
  | {
      readonly kind: "step";
      readonly name: HyperparamName;
      readonly from: HyperparamValue;
      readonly to: HyperparamValue;
    }
  | { readonly kind: "clone" | "insert" | "remove" | "recover"; readonly component: string };

/** The neighbour of `value` in `values`, either side with probability ½; at an end the value stays with probability ½. §b.3. */
export function stepHyperparam<T extends HyperparamValue>(
  name: HyperparamName,
  value: T,
  values: readonly T[],
  rng: Rng,
): T {
  const next = indexIn(values, value, name) + (rng.uniform() < 0.5 ? 1 : -1);
  return values[Math.min(Math.max(next, 0), values.length - 1)]!;
}

/** Any other of `values`, each with the same probability; `value` itself if there is no other. */
export function jumpHyperparam<T extends HyperparamValue>(
  name: HyperparamName,
  value: T,
  values: readonly T[],
  rng: Rng,
): T {
  const index = indexIn(values, value, name);
  const others = values.filter((_, i) => i !== index);
  return others.length > 0 ? others[rng.int(others.length)]! : value;
}

function indexIn<T extends HyperparamValue>(values: readonly T[], value: T, name: HyperparamName): number {
  const index = values.indexOf(value);
  if (index < 0) throw hyperparamNotValid(name, value, values);
  return index;
}
