// The µ2Net preliminary experiment (arXiv 2205.12755 §4; method.md §g): a random root without blocks, three numeral
// scripts, one of them private; evolution has to find the blocks. Expect about 3 minutes on 2 cores at paper budget
// (the paper: up to 5 minutes on 8 TPUv3 cores), test accuracies of about 55–85 %.

import { BACKBONES } from "../core/components.js";
import type { BudgetName, Experiment, TaskSpec } from "../core/experiment.js";
import { mu2net } from "../core/methods.js";
import { rootSize } from "./root-size.js";

/** Random blocks that evolution may insert. */
const MOST_BLOCKS = 3;

/** Children, steps and images of each budget; "paper" is the paper's. */
const BUDGETS = {
  paper: {
    scale: { iterations: 2, generations: 4, children: 8 },
    expected: { minutes: 3, result: "test accuracy of about 55–85 %, by script" },
  },
  laptop: {
    scale: { iterations: 1, generations: 4, children: 8 },
    expected: { minutes: 1, result: "test accuracy of about 30–60 %, by script" },
  },
  smoke: {
    scale: { iterations: 1, generations: 2, children: 3, limit: 512 },
    expected: { minutes: 0.3, result: "a whole run, small: accuracies above chance (10 %) at best" },
  },
} as const;

export const PRELIMINARY_TASKS: readonly TaskSpec[] = [
  { name: "cmaterdb/bangla", access: "public" },
  { name: "cmaterdb/devanagari", access: "public" },
  { name: "cmaterdb/telugu", access: "private" },
];

export interface PreliminaryOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
}

/** The experiment as data. `seed` is a whole number in 0…2^53-1. */
export function preliminary({
  seed = 0,
  budget = "paper",
  tasks = PRELIMINARY_TASKS,
}: PreliminaryOptions = {}): Experiment {
  const backbone = BACKBONES["Ti/16"];
  const { scale, expected } = BUDGETS[budget];
  return {
    name: "preliminary",
    title: "µ2Net preliminary experiment",
    source: "µ2Net §4 (arXiv 2205.12755)",
    budget,
    seed,
    method: {
      ...mu2net,
      // The root has no blocks, so a scale factor is relative to the largest possible model.
      rootParams: rootSize({ backbone, blocks: MOST_BLOCKS }),
      blocksRange: [0, MOST_BLOCKS],
      defaults: { ...mu2net.defaults, warmupRatio: 0.1, imageSize: 32, blocks: 0 },
    },
    training: {
      batchSize: budget === "smoke" ? 128 : 512,
      cycles: 4,
      examplesPerCycle: 51_200,
      validationExamples: 5_120,
      clipNorm: 1,
    },
    root: { kind: "random", backbone, blocks: 0 },
    tasks,
    validationFraction: 0.2,
    expected,
    ...scale,
  };
}
