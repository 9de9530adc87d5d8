// What each of muNet's claims needs of a sweep, and its tests on the variants that are there: the statistics behind munet-claims.

import type { MunetVariant, Variant } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import { signed } from "../../format/numbers.js";
import type { SweepPoint } from "../point.js";
import { mean } from "../stats.js";
import type { ClaimTest, Decision } from "./claim-tests.js";
import { pairedValues } from "./differences.js";
import { paramsOf, testOf, type VariantGroup } from "./groups.js";
import { adapterSizes, blockCounts, netExports, slopes } from "./trends.js";

export interface ClaimNeeds {
  readonly variants: readonly Variant[];
  /** In words, with the option that adds it; empty if nothing is missing. */
  readonly lacks: readonly string[];
}

/** Chooses from the variants of a sweep, and evaluates those that were chosen. */
type Needs = (variants: readonly Variant[]) => ClaimNeeds;
type FindsEvidence = (groups: readonly VariantGroup[]) => Evidence;

export interface Evidence {
  readonly alternatives: readonly (readonly ClaimTest[])[];
  /** The numbers, for people. */
  readonly detail: (decision: Decision) => string;
  /** What the points lack, though the variants are there. */
  readonly lacks?: string;
}

/** Scale factors below it are low, where adapters matter; above it they don't (muNet Fig. 4). */
export const TURN = 0.9;

const millions = (point: SweepPoint): number => paramsOf(point) / 1e6;
const percent = (point: SweepPoint): number => 100 * testOf(point);

const isMunet = (variant: Variant, adapters = true, tuning = true): variant is MunetVariant =>
  variant.method === "munet" && variant.adapters === adapters && variant.tuning === tuning;
const scaleOf = (variant: Variant): number => (variant as MunetVariant).scaleFactor;
const isBaseline = ({ method }: Variant): boolean => method !== "munet" && method !== "custom";

/** muNet's variants by rising scale factor. */
const curveOf = (variants: readonly Variant[], adapters = true, tuning = true): Variant[] =>
  variants.filter((variant) => isMunet(variant, adapters, tuning)).sort((a, b) => scaleOf(a) - scaleOf(b));

const munetGroups = (groups: readonly VariantGroup[]): VariantGroup[] =>
  groups.filter(({ variant }) => isMunet(variant)).sort((a, b) => scaleOf(a.variant) - scaleOf(b.variant));

/** muNet with s = 1 and full fine-tuning. */
export function againstFull(variants: readonly Variant[]): ClaimNeeds {
  const munet = curveOf(variants).filter((variant) => scaleOf(variant) === 1);
  const full = variants.filter(({ method }) => method === "full");
  return {
    variants: [...munet, ...full],
    lacks: [
      ...(munet.length === 0 ? ["muNet at s = 1 (--scale-factors 1)"] : []),
      ...(full.length === 0 ? ["full fine-tuning (--baselines full)"] : []),
    ],
  };
}

function duel(
  [a, b]: readonly [VariantGroup, VariantGroup],
  of: "accuracy" | "size",
  expects: ClaimTest["expects"],
): ClaimTest {
  return {
    name: `${variantLabel(a.variant)} minus ${variantLabel(b.variant)}: ${of}`,
    unit: of === "accuracy" ? "points" : "M parameters per task",
    values: pairedValues(a.points, b.points, of === "accuracy" ? percent : millions),
    expects,
  };
}

const tenths = (size: number): string => size.toFixed(1);
const hundredths = (size: number): string => size.toFixed(2);

const meanOf = ({ points }: VariantGroup, of: (point: SweepPoint) => number, digits: number): string =>
  points.length === 0 ? "–" : mean(points.map(of)).toFixed(digits);

export const againstFullEvidence =
  (of: "accuracy" | "size"): FindsEvidence =>
  (groups) => {
    const [munet, full] = [
      groups.find(({ variant }) => isMunet(variant))!,
      groups.find(({ variant }) => variant.method === "full")!,
    ];
    const words =
      of === "accuracy"
        ? `${meanOf(munet, percent, 1)} % against ${meanOf(full, percent, 1)} %`
        : `${meanOf(munet, millions, 2)} M against ${meanOf(full, millions, 2)} M`;
    return {
      alternatives: [[duel([munet, full], of, of === "accuracy" ? "above" : "below")]],
      detail: () => words,
    };
  };

/** muNet at two scale factors or more, for what changes with s. */
export function wholeCurve(variants: readonly Variant[]): ClaimNeeds {
  const curve = curveOf(variants);
  return {
    variants: curve,
    lacks: curve.length < 2 ? ["muNet at two scale factors (--scale-factors 0.3,1)"] : [],
  };
}

/** A falling s makes smaller models: the slope over the steps of s, by repetition, and no step that clearly rises. */
export function sizeEvidence(groups: readonly VariantGroup[]): Evidence {
  const curve = munetGroups(groups);
  const steps = curve.slice(1).map((group, i): ClaimTest & { readonly step: string } => ({
    step: `s ${scaleOf(curve[i]!.variant)} → ${scaleOf(group.variant)}`,
    name: "size, step by step",
    unit: "M parameters per task",
    values: pairedValues(group.points, curve[i]!.points, millions),
    expects: "not below",
  }));
  const notes = steps
    .filter(({ values }) => mean(values) < 0)
    .map(({ step, values }) => `; falls instead at ${step} (${mean(values).toFixed(3)} M)`)
    .join("");
  const sizes = curve.map((group) => `${scaleOf(group.variant)}: ${meanOf(group, millions, 3)}`).join(", ");
  const slope: ClaimTest = {
    name: "size over the steps of s",
    unit: "M per step of s",
    values: slopes(curve, millions),
    expects: "above",
  };
  return { alternatives: [[slope, ...steps]], detail: () => `M by s: ${sizes}${notes}` };
}

/** For some s, muNet is above every baseline in accuracy and below it in size. */
export function tradeOffEvidence(groups: readonly VariantGroup[]): Evidence {
  const curve = munetGroups(groups);
  const baselines = groups.filter(({ variant }) => isBaseline(variant));
  const lists = curve.map((group) =>
    baselines.flatMap((rival) => [
      duel([group, rival], "accuracy", "above"),
      duel([group, rival], "size", "below"),
    ]),
  );
  return {
    alternatives: lists,
    detail({ alternative, decisive }) {
      const at = lists[alternative]!.findIndex(({ name }) => name === decisive.name);
      const rival = baselines[Math.floor(at / 2)]!;
      const [quality, size] = lists[alternative]!.slice(2 * Math.floor(at / 2));
      const numbers = `${signed(mean(quality!.values), tenths)} points, ${signed(mean(size!.values), hundredths)} M`;
      return `${variantLabel(curve[alternative]!.variant)} against its nearest rival, ${variantLabel(rival.variant)}: ${numbers}`;
    },
  };
}

/** Pairs of muNet with and without a part, at the scale factors that are `wanted`. */
interface Part {
  readonly adapters: boolean;
  readonly tuning: boolean;
  readonly wanted: (scaleFactor: number) => boolean;
  readonly lacks: string;
}

export const LOW: Part = {
  adapters: false,
  tuning: true,
  wanted: (s) => s < TURN,
  lacks: `muNet with and without adapters at the same s below ${TURN} (--ablate adapters --ablate-at 0.3)`,
};
export const HIGH: Part = {
  adapters: false,
  tuning: true,
  wanted: (s) => s > TURN,
  lacks: `muNet with and without adapters at the same s above ${TURN} (--ablate adapters --ablate-at 1)`,
};
export const TUNING: Part = {
  adapters: true,
  tuning: false,
  wanted: (s) => s === 1,
  lacks: "muNet with and without auto-tuning at s = 1 (--ablate tuning --ablate-at 1)",
};

export const partNeeds =
  ({ adapters, tuning, wanted, lacks }: Part): Needs =>
  (variants) => {
    const parts = curveOf(variants, adapters, tuning);
    const pairs = curveOf(variants).flatMap((whole) => {
      const part = parts.find((other) => scaleOf(other) === scaleOf(whole));
      return part && wanted(scaleOf(whole)) ? [whole, part] : [];
    });
    return { variants: pairs, lacks: pairs.length === 0 ? [lacks] : [] };
  };

/** muNet minus muNet without a part, by repetition, as the mean over the scale factors that both have. */
export const partEvidence =
  ({ adapters, tuning }: Part, expects: "above" | "within", margin = 0): FindsEvidence =>
  (groups) => {
    const pairs = munetGroups(groups).map((whole) => ({
      whole,
      part: groups.find(
        ({ variant }) => isMunet(variant, adapters, tuning) && scaleOf(variant) === scaleOf(whole.variant),
      )!,
    }));
    const repetitions = [...new Set(groups.flatMap(({ points }) => points.map((one) => one.repetition)))];
    const values = repetitions.flatMap((repetition) => {
      const at = ({ points }: VariantGroup) => points.filter((point) => point.repetition === repetition);
      const gains = pairs.map(({ whole, part }) => pairedValues(at(whole), at(part), percent)[0]);
      return gains.every((gain) => gain !== undefined) ? [mean(gains)] : [];
    });
    const each = pairs.map(({ whole, part }) => {
      const gain = (of: (point: SweepPoint) => number) => mean(pairedValues(whole.points, part.points, of));
      return `s ${scaleOf(whole.variant)}: ${signed(gain(percent), tenths)} points, ${signed(gain(millions), hundredths)} M`;
    });
    const test = { name: "with minus without", unit: "points", values, expects, margin } as const;
    return { alternatives: [[test]], detail: () => each.join("; ") };
  };

/** A falling s shifts the search to fewer blocks and smaller adapters. */
export function smallerParts(groups: readonly VariantGroup[]): Evidence {
  const curve = munetGroups(groups);
  const trend = (name: string, unit: ClaimTest["unit"], of: (point: SweepPoint) => number): ClaimTest => ({
    name,
    unit,
    values: slopes(curve, of),
    expects: "above",
  });
  const ends = [curve[0]!, curve.at(-1)!];
  const words = ends.map(
    (group) =>
      `s ${scaleOf(group.variant)}: ${meanOf(group, blockCounts, 2)} blocks, adapters of ${meanOf(group, adapterSizes, 0)}`,
  );
  return {
    alternatives: [
      [
        trend("blocks of all children", "blocks per step of s", blockCounts),
        trend("adapter size of all children", "adapter size per step of s", adapterSizes),
      ],
    ],
    detail: () => words.join("; "),
  };
}

/** Models of tasks with many images are built on by others; those with few build on others. */
export function exchangeEvidence(groups: readonly VariantGroup[]): Evidence {
  const points = groups[0]!.points;
  const values = points.flatMap((point) => netExports(point) ?? []);
  if (points.length > 0 && values.length === 0)
    return {
      alternatives: [],
      detail: () => "",
      lacks: "tasks with different numbers of training images (a higher `--set limit=`, or other --tasks)",
    };
  return {
    alternatives: [[{ name: "net exports", unit: "models", values, expects: "above" }]],
    detail: () =>
      "models of others that are built on its models minus those that its model is built on, the tasks with more images minus the rest; where they also come first in the list, order may explain it",
  };
}

export const onlyMunet = (variants: readonly Variant[]): ClaimNeeds => {
  const own = curveOf(variants).filter((variant) => scaleOf(variant) === 1);
  return { variants: own, lacks: own.length === 0 ? ["muNet at s = 1 (--scale-factors 1)"] : [] };
};

export function tradeOffNeeds(variants: readonly Variant[]): ClaimNeeds {
  const [curve, baselines] = [curveOf(variants), variants.filter(isBaseline)];
  return {
    variants: [...curve, ...baselines],
    lacks: [
      ...(curve.length === 0 ? ["muNet (--scale-factors 0.3,1)"] : []),
      ...(baselines.length === 0 ? ["the baselines (--baselines all)"] : []),
    ],
  };
}
