// A sweep as plain data: every variant of one experiment, the number of repetitions, and their seeds. Points with the same
// repetition are pairs: they share seed, data splits and root, whatever their variant (muNet §3.1, Fig. 3 and 4).

import { unknownName, valueNotValid } from "../core/errors/index.js";
import { type Experiment, withoutWish } from "../core/experiment.js";
import { rngFromSeed } from "../core/rng.js";
import { type CustomVariant, type Variant, variantName } from "../core/variant.js";
import { baselinesFor, variantOf } from "../experiments/variants.js";

/** A part of muNet that an ablation switches off; "both" switches off adapters and tuning together. */
export type Ablation = "adapters" | "tuning" | "both";

/** Limits the size of a plan; with so many repetitions, intervals are as narrow as anybody needs. */
export const MOST_REPETITIONS = 1000;

const ABLATIONS: readonly Ablation[] = ["adapters", "tuning", "both"];
const GROUPS = ["all", "none", "full", "top", "multi-head", "adapters"] as const;

export interface SweepRequest {
  /** The experiment to sweep. Its seed is the sweep's; each variant replaces its scale factor and switches. */
  readonly experiment: Experiment;
  /** In (0, 1]; default 1 only. */
  readonly scaleFactors?: readonly number[];
  /** From 1 to 1000; default 3. */
  readonly repetitions?: number;
  readonly ablate?: readonly Ablation[];
  /** Scale factors of the ablations; default: all of `scaleFactors`. */
  readonly ablateAt?: readonly number[];
  /** Groups (all, none, full, top, multi-head, adapters) or single baselines (top-1, adapters-64); default none. */
  readonly baselines?: readonly string[];
  /** Further experiments of the same sweep with their own switches, by name (letters, digits, dots, hyphens). */
  readonly custom?: Readonly<Record<string, Experiment>>;
}

export interface PlannedVariant {
  readonly variant: Variant;
  /** With the sweep's own seed. */
  readonly experiment: Experiment;
}

/** The whole sweep, stored unchanged, so that it continues as it began, whatever later versions of mulab would plan. */
export interface SweepPlan {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly repetitions: number;
  readonly variants: readonly PlannedVariant[];
}

/** One run of the sweep. */
export interface PlannedPoint {
  /** The name of its folder: munet-s0.3_r0. */
  readonly name: string;
  readonly variant: Variant;
  readonly repetition: number;
  readonly experiment: Experiment;
}

/** The sweep that `request` asks for. Throws options/not-valid, baseline/unknown, ablation/unknown. */
export function planSweep(request: SweepRequest): SweepPlan {
  const experiment = withoutWish(request.experiment);
  const {
    scaleFactors = [1],
    repetitions = 3,
    ablate = [],
    ablateAt = scaleFactors,
    baselines = [],
    custom = {},
  } = request;
  if (!Number.isSafeInteger(repetitions) || repetitions < 1 || repetitions > MOST_REPETITIONS)
    throw valueNotValid("repetitions", repetitions, `a whole number from 1 to ${MOST_REPETITIONS}`);
  const { seed, name, title } = experiment;
  const standard = [
    ...munetVariants(experiment, scaleFactors, ablate, ablateAt),
    ...baselineVariants(baselines, experiment),
  ];
  const variants = [
    ...unique(standard).map((variant) => ({ variant, experiment: variantOf(experiment, variant) })),
    ...customVariants(custom, standard).map(([variant, of]) => ({
      variant,
      experiment: { ...variantOf(withoutWish(of), variant), seed },
    })),
  ];
  if (variants.length === 0) throw valueNotValid("A sweep", "empty", "at least one point");
  return { name, title, seed, repetitions, variants };
}

/** Full muNet at every scale factor, then each ablation at its own. */
function munetVariants(
  { method }: Experiment,
  scaleFactors: readonly number[],
  ablate: readonly Ablation[],
  ablateAt: readonly number[],
): Variant[] {
  if (scaleFactors.length > 0 && !method.name.startsWith("munet"))
    throw valueNotValid(
      "The method under a scale factor",
      method.name,
      "muNet, as that of the experiment characters is; other settings can be varied with `over:` of a %%sweep cell",
    );
  for (const s of [...scaleFactors, ...ablateAt])
    if (!(s > 0 && s <= 1)) throw valueNotValid("A scale factor", s, "a number above 0, at most 1");
  for (const part of ablate) if (!ABLATIONS.includes(part)) throw unknownName("ablation", part, ABLATIONS);
  return [null, ...ablate].flatMap((off) =>
    (off === null ? scaleFactors : ablateAt).map(
      (scaleFactor): Variant => ({
        method: "munet",
        scaleFactor,
        adapters: off !== "adapters" && off !== "both",
        tuning: off !== "tuning" && off !== "both",
      }),
    ),
  );
}

function baselineVariants(words: readonly string[], { root, budget }: Experiment): Variant[] {
  const known = baselinesFor(root.blocks);
  const names = known.map(variantName);
  const inGroup = (variant: Variant, word: string): boolean =>
    (word === "all" || variant.method === word) &&
    (variant.method !== "adapters" || budget === "paper" || COARSE_DIMS.includes(variant.dim));
  for (const word of words)
    if (!GROUPS.includes(word as (typeof GROUPS)[number]) && !names.includes(word))
      throw unknownName("baseline", word, [...new Set([...GROUPS, ...names])]);
  return known.filter((variant) =>
    words.some((word) => word === variantName(variant) || inGroup(variant, word)),
  );
}

/** The sizes of the group "adapters" below the paper's budget; others can be named individually. */
const COARSE_DIMS: readonly number[] = [8, 32, 128, 512];

/** Throws if a name is taken or not valid for a folder. */
function customVariants(
  custom: Readonly<Record<string, Experiment>>,
  standard: readonly Variant[],
): [CustomVariant, Experiment][] {
  const taken = standard.map(variantName);
  return Object.entries(custom).map(([name, experiment]) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name) || taken.includes(name))
      throw valueNotValid(
        "The name of a variant",
        name,
        "letters, digits, dots and hyphens, and not in the sweep yet",
      );
    return [{ method: "custom", name }, experiment];
  });
}

const unique = (variants: readonly Variant[]): Variant[] => [
  ...new Map(variants.map((variant) => [variantName(variant), variant])).values(),
];

/** The seed of a repetition: the sweep's own for the first, drawn from it for the others. */
export const seedOf = (seed: number, repetition: number): number =>
  repetition === 0 ? seed : rngFromSeed(seed).child(`repetition/${repetition}`).int(1e9);

/** All runs of the sweep, repetition by repetition, so that an interrupted sweep is a complete one with fewer repetitions. */
export const pointsOf = ({ seed, repetitions, variants }: SweepPlan): PlannedPoint[] =>
  Array.from({ length: repetitions }, (_, repetition) =>
    variants.map(({ variant, experiment }) => ({
      name: pointName(variant, repetition),
      variant,
      repetition,
      experiment: { ...experiment, seed: seedOf(seed, repetition) },
    })),
  ).flat();

export const pointName = (variant: Variant, repetition: number): string =>
  `${variantName(variant)}_r${repetition}`;

/** A valid name may be missing only because it was not requested. */
const WHICH_VARIANTS = "in this sweep (its scale factors, ablate and baselines say which there are)";

/** The points that `only` names, by variant or individually; all if it is empty. Throws variant/unknown. */
export function chosenPoints(plan: SweepPlan, only: readonly string[] = []): PlannedPoint[] {
  const points = pointsOf(plan);
  const names = plan.variants.map(({ variant }) => variantName(variant));
  for (const name of only)
    if (!names.includes(name) && !points.some((point) => point.name === name))
      throw unknownName("variant", name, names, WHICH_VARIANTS);
  if (only.length === 0) return points;
  return points.filter(({ name, variant }) => only.includes(name) || only.includes(variantName(variant)));
}
