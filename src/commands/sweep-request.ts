// Turns the options of `mulab sweep` into a request for a sweep.

import { valueNotValid } from "../core/errors/index.js";
import type { BudgetName, Experiment } from "../core/experiment.js";
import { experimentOf } from "../experiments/index.js";
import { applyOverrides } from "../experiments/overrides.js";
import type { Ablation, SweepRequest } from "../sweep/plan.js";
import type { EngineOptions } from "./engine-options.js";
import { prepareOn } from "./prepare.js";

export interface SweepWords extends EngineOptions {
  readonly scaleFactors?: string;
  readonly repetitions: number;
  readonly ablate?: string;
  readonly ablateAt?: string;
  readonly baselines?: string;
  readonly budget: BudgetName;
  readonly seed: number;
  readonly tasks?: string;
  readonly root?: string;
  readonly set: readonly string[];
  readonly dryRun?: boolean;
}

/** muNet Fig. 3; below the paper's budget, a coarser choice. */
const SCALE_FACTORS: Readonly<Record<BudgetName, readonly number[]>> = {
  paper: [0.02, 0.3, 0.7, 0.9, 0.95, 0.98, 1],
  laptop: [0.02, 0.3, 0.9, 1],
  smoke: [0.3, 1],
};

/** The sweep that the options ask for; makes the experiment's root if there is none yet. Throws as planSweep, applyOverrides, prepare. */
export async function sweepRequest(
  name: string,
  words: SweepWords,
  stream: NodeJS.WriteStream,
): Promise<SweepRequest> {
  const { repetitions, ablate, baselines, budget } = words;
  const scaleFactors =
    words.scaleFactors === undefined
      ? SCALE_FACTORS[budget]
      : numbersIn("--scale-factors", words.scaleFactors);
  return {
    experiment: await experimentFrom(name, words, stream),
    repetitions,
    scaleFactors,
    ablate: wordsIn(ablate) as Ablation[], // planSweep checks them
    ablateAt:
      words.ablateAt === undefined
        ? ablationsOf(scaleFactors, budget)
        : numbersIn("--ablate-at", words.ablateAt),
    baselines: wordsIn(baselines),
  };
}

async function experimentFrom(
  name: string,
  { seed, budget, tasks, set, root, dryRun, ...engine }: SweepWords,
  stream: NodeJS.WriteStream,
): Promise<Experiment> {
  const standard = experimentOf(name, { seed, budget });
  // A dry run pretrains no root.
  return prepareOn(stream, applyOverrides(standard, set), { ...engine, tasks, root, makesRoot: !dryRun });
}

const wordsIn = (text = ""): string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter(Boolean);

/** The scale factors at which ablations are run: all, or below the paper's budget the two ends. */
const ablationsOf = (scaleFactors: readonly number[], budget: BudgetName): readonly number[] =>
  budget === "paper"
    ? scaleFactors
    : scaleFactors.filter((s) => [Math.min(...scaleFactors), Math.max(...scaleFactors)].includes(s));

function numbersIn(option: string, text: string): number[] {
  const numbers = wordsIn(text).map(Number);
  if (numbers.some(Number.isNaN))
    throw valueNotValid(option, text, "comma-separated numbers above 0 and at most 1");
  return numbers;
}
