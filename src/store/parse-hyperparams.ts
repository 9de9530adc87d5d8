// Hyperparameters at the file boundary: of models and generations in the journal, of methods in run.json.

import type { HyperparamName, Hyperparams, Preprocessing, SearchSpace } from "../core/hyperparams.js";
import {
  type Check,
  count,
  either,
  filled,
  flag,
  number,
  object,
  oneOf,
  positive,
  share,
  text,
} from "./check.js";

const preprocessingFields = {
  crop: flag,
  areaMin: share,
  aspectMin: number,
  flip: flag,
  brightness: number,
  contrast: number,
  saturation: number,
  hue: number,
  imageSize: positive,
};

/** What a generation has in common. */
export const preprocessing = object<Preprocessing>(preprocessingFields);

const hyperparamFields = {
  ...preprocessingFields,
  mutationProbability: share,
  learningRate: number,
  schedule: oneOf("constant", "cosine", "restarts"),
  warmupRatio: share,
  momentum: share,
  nesterov: flag,
  adapterDim: count,
  blocks: count,
};
/** All hyperparameters of a model. */
export const hyperparams = object<Hyperparams>(hyperparamFields);
/** The values of each hyperparameter that is searched. */
export const searchSpace = object<SearchSpace>(
  {},
  Object.fromEntries(
    Object.entries(hyperparamFields).map(([key, value]) => [key, filled(value as Check<unknown>)]),
  ) as never,
);
export const hyperparamName = oneOf(...(Object.keys(hyperparamFields) as HyperparamName[]));
/** A value of any hyperparameter. */
export const hyperparamValue = either("a finite number, true, false or text", number, flag, text);
