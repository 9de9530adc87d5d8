// The Multitask Character Classification Benchmark of muNet (arXiv 2205.10937 §3.1; method.md §g): eight tasks of digits,
// letters and characters, from the first three blocks of a Ti/16. `laptop` and `smoke` are honestly reduced: fewer tasks,
// fewer images, smaller batches and fewer children, the same method.

import { BACKBONES } from "../core/components.js";
import type { BudgetName, Experiment, RootSpec, RootWish, TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Training } from "../core/training.js";
import { CHARACTERS } from "../data/benchmarks.js";
import { munetFrom } from "./root-size.js";

type Scale = Pick<
  Experiment,
  "iterations" | "generations" | "children" | "limit" | "validationFraction" | "expected"
>;

interface Budget {
  readonly scale: Scale;
  readonly training: Training;
  readonly tasks: readonly TaskName[];
}

/** Everything that a budget decides. Baselines train on as many examples as muNet does (experiments/variants). */
const BUDGETS: Readonly<Record<BudgetName, Budget>> = {
  paper: {
    scale: {
      iterations: 2,
      generations: 8,
      children: 8,
      validationFraction: 0.05,
      expected: { minutes: 600, result: "mean test accuracy of 91 %, 1.2 M parameters per task (paper)" },
    },
    training: {
      batchSize: 512,
      cycles: 5,
      examplesPerCycle: 51_200,
      validationExamples: 5_120,
      clipNorm: 1,
    },
    tasks: CHARACTERS,
  },
  laptop: {
    scale: {
      iterations: 2,
      generations: 4,
      children: 8,
      limit: 2_000,
      validationFraction: 0.2,
      expected: {
        minutes: 1.5,
        result: "reduced: neither the paper's accuracies nor its order of methods (test about 62 %)",
      },
    },
    training: {
      batchSize: 64,
      cycles: 2,
      examplesPerCycle: 512,
      validationExamples: 256,
      clipNorm: 1,
    },
    tasks: ["kmnist/first7000", "cmaterdb/bangla", "cmaterdb/devanagari", "cmaterdb/telugu"],
  },
  smoke: {
    scale: {
      iterations: 1,
      generations: 2,
      children: 4,
      limit: 512,
      validationFraction: 0.2,
      expected: { minutes: 0.3, result: "a whole run, small: accuracies above chance at best" },
    },
    training: {
      batchSize: 64,
      cycles: 2,
      examplesPerCycle: 256,
      validationExamples: 128,
      clipNorm: 1,
    },
    tasks: ["cmaterdb/bangla", "cmaterdb/devanagari", "cmaterdb/telugu"],
  },
};

const publicTasks = (names: readonly TaskName[]): TaskSpec[] =>
  names.map((name) => ({ name, access: "public" }));

export interface CharactersOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
  readonly root?: RootSpec;
  readonly scaleFactor?: number;
}

/** The paper's file or, if it is not on disk, a root pretrained on letters of many scripts, none of them in the benchmark. */
export const CHARACTERS_ROOT = {
  file: "Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0.npz",
  blocks: 3,
  recipe: {
    recipe: "characters-1",
    task: "glyphs/letters",
    backbone: "Ti/16",
    blocks: 3,
    imageSize: 32,
    steps: 1_500,
    batchSize: 256,
    learningRate: 0.1,
    seed: 0,
    forecast: "about 4 minutes on 2 cores, once",
  },
} as const satisfies RootWish;

/** Blocks of the root: the first three of a pretrained Ti/16 (§a.6). */
const BLOCKS = 3;

/** The experiment as data. Without a `root` it starts from random weights, which the paper does not. */
export function characters({
  seed = 0,
  budget = "paper",
  tasks,
  root: given,
  scaleFactor = 1,
}: CharactersOptions = {}): Experiment {
  const root: RootSpec = given ?? { kind: "random", backbone: BACKBONES["Ti/16"], blocks: BLOCKS };
  const { scale, training, tasks: names } = BUDGETS[budget];
  return {
    name: "characters",
    title: "Multitask Character Classification Benchmark",
    source: "muNet §3.1 (arXiv 2205.10937)",
    budget,
    seed,
    method: munetFrom(root, { scaleFactor }),
    training,
    root,
    ...(!given && { rootWish: CHARACTERS_ROOT }),
    tasks: tasks ?? publicTasks(names),
    ...scale,
  };
}
