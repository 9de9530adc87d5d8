// Methods and training budgets at the file boundary: of an experiment in run.json, and of an extension in the journal.

import { isFormula, METRICS } from "../core/formula.js";
import { isComponentName } from "../core/layer-codec.js";
import type { Method } from "../core/methods.js";
import type { Settings } from "../core/settings.js";
import type { Training } from "../core/training.js";
import {
  type Check,
  count,
  flag,
  list,
  name,
  number,
  object,
  oneOf,
  positive,
  share,
  that,
} from "./check.js";
import { hyperparams, searchSpace } from "./parse-hyperparams.js";

/** A score of one's own. */
export const scoreFormula = that<string>(
  `a formula of ${Object.keys(METRICS).join(", ")}`,
  (value) => typeof value === "string" && isFormula(value),
);

export const method = object<Method>(
  {
    name,
    parents: oneOf("seeds-first", "ranked-then-seeds", "ranked-then-shuffled", "ranked-together", "root"),
    keepTies: flag,
    tieSurvivor: oneOf("oldest", "newest"),
    autoCloneUnlocked: flag,
    preprocessing: oneOf("per-generation", "per-child"),
    preprocessingProbability: oneOf("default", "evolved"),
    insertAdapters: flag,
    tuneHyperparams: flag,
    depth: oneOf("step", "remove-top"),
    blocksRange: list(count) as Check<readonly number[]> as Check<Method["blocksRange"]>,
    forceClone: list(
      that<Method["forceClone"][number]>(
        "a component of a ViT, or a kind of component",
        (value) => isComponentName(value) || isComponentName(`${value}_0`),
      ),
    ),
    keepMomentum: flag,
    momentumPrecision: oneOf("bfloat16", "float32"),
    initSeed: oneOf("per-child", "fixed"),
    scaleFactor: share,
    rootParams: positive,
    search: searchSpace,
    defaults: hyperparams,
  },
  {
    adapterSlots: oneOf("drawn", "all"),
    adapterPlaces: oneOf("before-blocks", "between-blocks"),
    categoricalSteps: oneOf("neighbour", "any"),
    headInit: oneOf("zero", "random"),
    computeFactor: share,
    score: scoreFormula,
  },
);

export const training = object<Training>({
  batchSize: positive,
  cycles: positive,
  examplesPerCycle: positive,
  validationExamples: positive,
  clipNorm: number,
});

/** The settings that an extension changes. */
export const settings = object<Partial<Settings>>(
  {},
  { method, training, generations: positive, children: positive, seed: count },
);
