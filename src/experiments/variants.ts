// The same experiment under a variant: muNet with its parts on or off, or one of the baselines it is compared with, at the
// same budget of examples (muNet §3.1, eq. 4; method.md §f). A baseline does not evolve: for every task the root is
// fine-tuned in one fixed way, once in each of N replicas, for as long as a whole lineage of muNet could train.

import { valueNotValid } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import type { Method } from "../core/methods.js";
import type { Baseline, MunetVariant, Variant } from "../core/variant.js";
import { curveName } from "../format/method-names.js";

/** `experiment` under `variant`. Throws options/not-valid if the variant does not fit its root. */
export function variantOf(experiment: Experiment, variant: Variant): Experiment {
  if (variant.method === "munet") return munetVariant(experiment, variant);
  // The settings behind its name have been applied already.
  if (variant.method === "custom") return { ...experiment, title: title(experiment, variant) };
  return baseline(experiment, variant);
}

/** The baselines of muNet Fig. 3 for a root of `blocks` blocks: full, every number of frozen blocks, adapters of 8…512. */
export const baselinesFor = (blocks: number): readonly Baseline[] => [
  { method: "full" },
  ...Array.from({ length: blocks }, (_, frozen): Baseline => ({ method: "top", frozen })),
  { method: "multi-head" },
  ...[8, 16, 32, 64, 128, 256, 512].map((dim): Baseline => ({ method: "adapters", dim })),
];

const title = (experiment: Experiment, variant: Variant): string =>
  `${experiment.title}, ${curveName(variant)}`;

function munetVariant(experiment: Experiment, variant: MunetVariant): Experiment {
  const { scaleFactor, adapters, tuning } = variant;
  if (!(scaleFactor > 0 && scaleFactor <= 1))
    throw valueNotValid("scaleFactor", scaleFactor, "a number above 0, at most 1");
  const method = { ...experiment.method, scaleFactor, insertAdapters: adapters, tuneHyperparams: tuning };
  return { ...experiment, title: title(experiment, variant), method };
}

/** One generation of replicas of the root, each trained for all cycles of a lineage. muNet eq. 4: 2 × 8 × 5 = 80 cycles. */
function baseline(experiment: Experiment, variant: Baseline): Experiment {
  const { training, iterations, generations, method, root } = experiment;
  return {
    ...experiment,
    title: title(experiment, variant),
    method: {
      ...method,
      ...fixedMethod(variant, root.blocks),
      defaults: { ...method.defaults, ...fixedDefaults(variant, method.defaults) },
    },
    training: { ...training, cycles: training.cycles * iterations * generations },
    iterations: 1,
    generations: 1,
  };
}

function fixedMethod(variant: Baseline, blocks: number): Partial<Method> {
  return {
    parents: "root",
    tuneHyperparams: false,
    insertAdapters: variant.method === "adapters",
    blocksRange: [blocks, blocks],
    forceClone: forceClone(variant, blocks),
    scaleFactor: 1,
    ...(variant.method === "adapters" && { adapterSlots: "all" }),
  };
}

/** With µ = 1 everything is cloned; with µ = 0, only the named components. */
const fixedDefaults = (
  variant: Baseline,
  { adapterDim }: Method["defaults"],
): Pick<Method["defaults"], "mutationProbability" | "adapterDim"> => ({
  mutationProbability: variant.method === "full" ? 1 : 0,
  adapterDim: variant.method === "adapters" ? variant.dim : adapterDim,
});

/** The final norm counts as part of the head (§a.6), so it is always trained. */
function forceClone(variant: Baseline, blocks: number): Method["forceClone"] {
  if (variant.method !== "top") return ["encoder_norm"];
  const { frozen } = variant;
  if (!Number.isInteger(frozen) || frozen < 0 || frozen > blocks)
    throw valueNotValid("The number of frozen blocks", frozen, `a whole number from 0 to ${blocks}`);
  const top = Array.from(
    { length: blocks - frozen },
    (_, i): Method["forceClone"][number] => `encoderblock_${frozen + i}`,
  );
  return ["encoder_norm", ...top];
}
