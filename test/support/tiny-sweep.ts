// A sweep that takes no time: two tasks of noise, a root of one narrow block, a trainer without an engine.

import { type Experiment, withoutWish } from "../../src/core/experiment.js";
import { characters } from "../../src/experiments/characters.js";
import type { SweepOptions, SweepRequest } from "../../src/sweep/sweep.js";
import { fakeTrainer } from "./fake-trainer.js";
import { tinyTask } from "./tiny.js";

/** muNet on two tasks, two generations of two children each. */
export function tinyMunet(changes: Partial<Experiment> = {}): Experiment {
  const experiment = withoutWish(characters({ budget: "smoke", seed: 7 }));
  const { method } = experiment;
  return {
    ...experiment,
    name: "tiny",
    title: "Tiny",
    method: {
      ...method,
      blocksRange: [1, 1],
      search: { ...method.search, imageSize: [32] },
      defaults: { ...method.defaults, blocks: 1 },
    },
    root: { kind: "random", backbone: { name: "tiny", patch: 16, width: 16, mlp: 32, heads: 2 }, blocks: 1 },
    training: { ...experiment.training, batchSize: 8, cycles: 2 },
    tasks: [
      { name: "one", access: "public" },
      { name: "two", access: "public" },
    ],
    iterations: 1,
    generations: 2,
    children: 2,
    ...changes,
  };
}

/** Two scale factors and two baselines, twice: eight points. */
export const tinyRequest = (changes: Partial<SweepRequest> = {}): SweepRequest => ({
  experiment: tinyMunet(),
  scaleFactors: [0.3, 1],
  repetitions: 2,
  baselines: ["multi-head", "adapters-8"],
  ...changes,
});

export const tinyOptions = (changes: SweepOptions = {}): SweepOptions => ({
  load: async ({ tasks }) => tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
  threads: 1,
  ...changes,
});
