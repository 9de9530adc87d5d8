// The Visual Domain Decathlon under muNet (arXiv 2205.10937 §3.2; method.md §g): ten tasks of natural images at 80 pixels,
// from a whole B/16. It needs the decathlon's files and a pretrained checkpoint; on two cores it is out of reach, so
// `laptop` and `smoke` only shrink the number of children and steps.

import { BACKBONES } from "../core/components.js";
import type { BudgetName, Experiment, RootSpec, RootWish, TaskSpec } from "../core/experiment.js";
import { munetFrom } from "./root-size.js";

export const DECATHLON_TASKS: readonly TaskSpec[] = [
  "imagenet12",
  "svhn",
  "cifar100",
  "gtsrb",
  "daimlerpedcls",
  "omniglot",
  "ucf101",
  "aircraft",
  "dtd",
  "vgg-flowers",
].map((name) => ({ name: `decathlon/${name}`, access: "public" }));

/** Children, cycles and examples of each budget. */
const BUDGETS = {
  paper: {
    scale: { iterations: 2, generations: 8, children: 8 },
    training: { batchSize: 256, cycles: 30, examplesPerCycle: 51_200, validationExamples: 2_560 },
    expected: { minutes: 1_300_000, result: "mean test accuracy of 83 %, 45 M parameters per task (paper)" },
  },
  laptop: {
    scale: { iterations: 1, generations: 2, children: 8, limit: 2_000 },
    training: { batchSize: 32, cycles: 2, examplesPerCycle: 512, validationExamples: 256 },
    expected: { minutes: 240, result: "reduced: what a checkpoint achieves in few steps" },
  },
  smoke: {
    scale: { iterations: 1, generations: 1, children: 2, limit: 256 },
    training: { batchSize: 16, cycles: 1, examplesPerCycle: 32, validationExamples: 64 },
    expected: { minutes: 10, result: "a whole run, small: accuracies above chance at best" },
  },
} as const;

const DECATHLON_ROOT: RootWish = {
  file: "B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0.npz",
  blocks: 12,
};

export interface DecathlonOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
  readonly root?: RootSpec;
  readonly scaleFactor?: number;
}

/** The experiment as data. Without a `root` it starts from random weights, which the paper does not. */
export function decathlon({
  seed = 0,
  budget = "paper",
  tasks = DECATHLON_TASKS,
  root: given,
  scaleFactor = 1,
}: DecathlonOptions = {}): Experiment {
  const root: RootSpec = given ?? { kind: "random", backbone: BACKBONES["B/16"], blocks: 12 };
  const { scale, training, expected } = BUDGETS[budget];
  return {
    name: "decathlon",
    title: "Visual Domain Decathlon",
    source: "muNet §3.2 (arXiv 2205.10937)",
    budget,
    seed,
    method: munetFrom(root, { scaleFactor, imageSize: 80 }),
    training: { ...training, clipNorm: 1 },
    root,
    ...(!given && { rootWish: DECATHLON_ROOT }),
    tasks,
    validationFraction: 0.05,
    expected,
    ...scale,
  };
}
