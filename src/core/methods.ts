// The two methods as plain data over named rules. Every difference between a paper and its published code (method.md §0) is
// a named switch; the defaults are those that produced the published numbers. An ablation overrides a field: `{ ...munet,
// insertAdapters: false }`.

import type { ComponentKind, ComponentName } from "./components.js";
import type { Hyperparams, SearchSpace } from "./hyperparams.js";

/** A method: how parents are sampled, what mutates, what is kept, how it is scored. */
export interface Method {
  readonly name: string;
  /** "seeds-first": one unmutated child of every seed, then the active list (muNet, published code). "ranked-then-seeds": active list, then seeds from where the last scan of them ended (µ2Net, published code). "ranked-then-shuffled": the same, the seeds in a new order each time (µ2Net §3.1). "ranked-together": seeds stand in one ranking with the active list (muNet §2.2). "root": always the root (muNet's baselines). All but the last end with a uniform draw. §0-2, §0-3. */
  readonly parents: "seeds-first" | "ranked-then-seeds" | "ranked-then-shuffled" | "ranked-together" | "root";
  /** Keep a version that only equals the score to beat (µ2Net Alg. 1) or not (muNet §2.2). §0-8. */
  readonly keepTies: boolean;
  /** Which of equally good models survives an activation. §d.4. */
  readonly tieSurvivor: "oldest" | "newest";
  /** Always clone and train a layer that no other task uses (published code), or only with probability µ (paper). §0-1. */
  readonly autoCloneUnlocked: boolean;
  /** Preprocessing is sampled once per generation from the task's best model (published code), or mutated per child (paper). §0-4. */
  readonly preprocessing: "per-generation" | "per-child";
  /** Preprocessing mutates with the default µ (published code) or the model's own. §0-5. */
  readonly preprocessingProbability: "default" | "evolved";
  /** Insert residual adapters. muNet §2.2. */
  readonly insertAdapters: boolean;
  /** Which slots get one: each with probability µ ("drawn", the default), or all of them (muNet's baseline). */
  readonly adapterSlots?: "drawn" | "all";
  /** Where slots are: before every block (published code, the default), or between each two blocks (paper). §0-7. */
  readonly adapterPlaces?: "before-blocks" | "between-blocks";
  /** Step the tunable hyperparameters; `blocks` stays mutable either way. muNet §3 ("auto-tuning"). */
  readonly tuneHyperparams: boolean;
  /** What a value that is not a number steps to: a neighbour in its list (published code, the default), or any other value (paper). §b.3. */
  readonly categoricalSteps?: "neighbour" | "any";
  /** Depth may change by ±1, so it can grow back too (published code), or only the top block is removed with probability µ (paper). §0-6. */
  readonly depth: "step" | "remove-top";
  /** Fewest and most blocks; a block that no ancestor has is initialised at random. µ2Net §4. */
  readonly blocksRange: readonly [number, number];
  /** Components of which every mutated child trains a copy, by kind or individually. §a.6, §f. */
  readonly forceClone: readonly (ComponentKind | ComponentName)[];
  /** Clone a layer's momentum with it (µ2Net §3.2), or start at zero (muNet). §b.8. */
  readonly keepMomentum: boolean;
  /** Precision of the momentum accumulator. §e.2. */
  readonly momentumPrecision: "bfloat16" | "float32";
  /** New layers are initialised from the child's own random stream, or all from one (published µ2Net code). §a.3. */
  readonly initSeed: "per-child" | "fixed";
  /** A new head is zero (muNet §2.1 and the published code of both; the default), or drawn at random (µ2Net §3.2). §0-9. */
  readonly headInit?: "zero" | "random";
  /** s: the score is accuracy × s^(accounted parameters / root parameters); 1 ignores size. muNet eq. 2. */
  readonly scaleFactor: number;
  /** P of eq. 2, a count; irrelevant if the scale factor is 1. §0-13. */
  readonly rootParams: number;
  /** c: the score is also multiplied by c^(FLOPs of a prediction / those of the root); 1, the default, ignores them. µ2Net+ (arXiv 2209.07326) has 0.99 for both factors. */
  readonly computeFactor?: number;
  /** The score as a formula (core/formula), instead of accuracy and both factors. */
  readonly score?: string;
  readonly search: SearchSpace;
  readonly defaults: Hyperparams;
}

const delta = [0, 0.01, 0.02, 0.05, 0.1, 0.2] as const;
const multiplesOf16 = Array.from({ length: 24 }, (_, i) => 16 * (i + 1));

const defaults: Hyperparams = {
  mutationProbability: 0.2,
  learningRate: 0.01,
  schedule: "cosine",
  warmupRatio: 0.05,
  momentum: 0.9,
  nesterov: false,
  crop: true,
  areaMin: 0.05,
  aspectMin: 0.75,
  flip: true,
  brightness: 0,
  contrast: 0,
  saturation: 0,
  hue: 0,
  imageSize: 384,
  adapterDim: 32,
  blocks: 24,
};

const learningRates = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
const augmentation: SearchSpace = {
  areaMin: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
  aspectMin: [0.25, 0.5, 0.75, 1],
  flip: [false, true],
  brightness: delta,
  contrast: delta,
  saturation: delta,
  hue: delta,
};

/** µ2Net (arXiv 2205.12755): search space of Table 1, defaults of the published code. */
export const mu2net: Method = {
  name: "mu2net",
  parents: "ranked-then-seeds",
  keepTies: true,
  tieSurvivor: "newest",
  autoCloneUnlocked: true,
  preprocessing: "per-generation",
  preprocessingProbability: "default",
  insertAdapters: false,
  tuneHyperparams: true,
  depth: "step",
  blocksRange: [24, 24],
  forceClone: ["encoder_norm"],
  keepMomentum: true,
  momentumPrecision: "bfloat16",
  initSeed: "per-child",
  scaleFactor: 1,
  rootParams: 303_303_682,
  search: {
    mutationProbability: [0.1, 0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.24, 0.26, 0.28, 0.3],
    learningRate: learningRates,
    warmupRatio: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4],
    momentum: [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
    nesterov: [false, true],
    crop: [false, true],
    ...augmentation,
  },
  defaults,
};

/** muNet (arXiv 2205.10937) with the hyperparameter lists of the paper; µ is fixed at 0.1. */
export const munet: Method = {
  name: "munet",
  parents: "seeds-first",
  keepTies: false,
  tieSurvivor: "oldest",
  autoCloneUnlocked: true,
  preprocessing: "per-generation",
  preprocessingProbability: "default",
  insertAdapters: true,
  tuneHyperparams: true,
  depth: "step",
  blocksRange: [1, 3],
  forceClone: ["encoder_norm"],
  keepMomentum: false,
  momentumPrecision: "bfloat16",
  initSeed: "per-child",
  scaleFactor: 1,
  rootParams: 1_484_162,
  search: {
    learningRate: learningRates,
    schedule: ["constant", "cosine", "restarts"],
    warmupRatio: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4],
    momentum: [0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
    nesterov: [false, true],
    ...augmentation,
    imageSize: multiplesOf16,
    adapterDim: [8, 16, 32, 64, 128],
  },
  defaults: { ...defaults, mutationProbability: 0.1, warmupRatio: 0.1, imageSize: 32, blocks: 3 },
};

/** muNet with the hyperparameter lists of its published code, whose momentum of "none" is 0 here. §0-10. */
export const munetCode: Method = {
  ...munet,
  name: "munet-code",
  search: {
    ...munet.search,
    learningRate: learningRates.filter((rate) => rate <= 0.1),
    momentum: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99],
  },
};
