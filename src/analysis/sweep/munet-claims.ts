// The nine claims that muNet's text makes (arXiv 2205.10937; method.md §h), as data: the statement, where the paper makes it,
// the statistic that decides it, the variants of a sweep that it needs, and its tests. A claim says nothing of a verdict:
// claims.ts decides.

import type { MunetVariant, Variant } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import type { SweepPoint } from "../point.js";
import { mean } from "../stats.js";
import type { ClaimTest, Decision } from "./claim-tests.js";
import { pairedValues } from "./differences.js";
import { paramsOf, testOf, type VariantGroup } from "./groups.js";
import { adapterSizes, blockCounts, netExports, slopes } from "./trends.js";

export interface Claim {
  /** Its name in JSON and in options. */
  readonly name: string;
  readonly statement: string;
  /** Where the paper makes it. */
  readonly source: string;
  /** What is measured, in each repetition. */
  readonly statistic: string;
  /** The tables of mulab that show the numbers behind it. */
  readonly tables: readonly string[];
  /** The variants among `variants` that decide it, and what is missing for a decision. */
  readonly needs: (variants: readonly Variant[]) => ClaimNeeds;
  /** Its tests on those variants; it holds where all tests of one list hold. */
  readonly evidence: (groups: readonly VariantGroup[]) => Evidence;
}

export interface ClaimNeeds {
  readonly variants: readonly Variant[];
  /** In words, with the option that adds it; empty if nothing is missing. */
  readonly lacks: readonly string[];
}

export interface Evidence {
  readonly alternatives: readonly (readonly ClaimTest[])[];
  /** The numbers, for people. */
  readonly detail: (decision: Decision) => string;
  /** What the points lack, though the variants are there. */
  readonly lacks?: string;
}

/** Scale factors below the first are low, where adapters matter; above the second high, where they don't (muNet Fig. 4). */
const LOW_SCALE = 0.9;
const HIGH_SCALE = 0.9;
/** Points of accuracy that count as no difference: the paper's ± of muNet over its five repetitions (Table 1: 1.06). */
const SAME = 1;

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
function againstFull(variants: readonly Variant[]): ClaimNeeds {
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

const meanOf = ({ points }: VariantGroup, of: (point: SweepPoint) => number, digits: number): string =>
  points.length === 0 ? "–" : mean(points.map(of)).toFixed(digits);

const signed = (value: number, digits: number): string =>
  `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;

const againstFullEvidence =
  (of: "accuracy" | "size"): Claim["evidence"] =>
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
function wholeCurve(variants: readonly Variant[]): ClaimNeeds {
  const curve = curveOf(variants);
  return {
    variants: curve,
    lacks: curve.length < 2 ? ["muNet at two scale factors (--scale-factors 0.3,1)"] : [],
  };
}

/** A falling s makes smaller models: the slope over the steps of s, by repetition, and no step that clearly rises. */
function sizeEvidence(groups: readonly VariantGroup[]): Evidence {
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
function tradeOffEvidence(groups: readonly VariantGroup[]): Evidence {
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
      const numbers = `${signed(mean(quality!.values), 1)} points, ${signed(mean(size!.values), 2)} M`;
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

const LOW: Part = {
  adapters: false,
  tuning: true,
  wanted: (s) => s < LOW_SCALE,
  lacks: `muNet with and without adapters at the same s below ${LOW_SCALE} (--ablate adapters --ablate-at 0.3)`,
};
const HIGH: Part = {
  adapters: false,
  tuning: true,
  wanted: (s) => s > HIGH_SCALE,
  lacks: `muNet with and without adapters at the same s above ${HIGH_SCALE} (--ablate adapters --ablate-at 1)`,
};
const TUNING: Part = {
  adapters: true,
  tuning: false,
  wanted: (s) => s === 1,
  lacks: "muNet with and without auto-tuning at s = 1 (--ablate tuning --ablate-at 1)",
};

const partNeeds =
  ({ adapters, tuning, wanted, lacks }: Part): Claim["needs"] =>
  (variants) => {
    const parts = curveOf(variants, adapters, tuning);
    const pairs = curveOf(variants).flatMap((whole) => {
      const part = parts.find((other) => scaleOf(other) === scaleOf(whole));
      return part && wanted(scaleOf(whole)) ? [whole, part] : [];
    });
    return { variants: pairs, lacks: pairs.length === 0 ? [lacks] : [] };
  };

/** muNet minus muNet without a part, by repetition, as the mean over the scale factors that both have. */
const partEvidence =
  ({ adapters, tuning }: Part, expects: "above" | "within", margin = 0): Claim["evidence"] =>
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
      return `s ${scaleOf(whole.variant)}: ${signed(gain(percent), 1)} points, ${signed(gain(millions), 2)} M`;
    });
    const test = { name: "with minus without", unit: "points", values, expects, margin } as const;
    return { alternatives: [[test]], detail: () => each.join("; ") };
  };

/** A falling s shifts the search to fewer blocks and smaller adapters. */
function smallerParts(groups: readonly VariantGroup[]): Evidence {
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
function exchangeEvidence(groups: readonly VariantGroup[]): Evidence {
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

const onlyMunet = (variants: readonly Variant[]): ClaimNeeds => {
  const own = curveOf(variants).filter((variant) => scaleOf(variant) === 1);
  return { variants: own, lacks: own.length === 0 ? ["muNet at s = 1 (--scale-factors 1)"] : [] };
};

function tradeOffNeeds(variants: readonly Variant[]): ClaimNeeds {
  const [curve, baselines] = [curveOf(variants), variants.filter(isBaseline)];
  return {
    variants: [...curve, ...baselines],
    lacks: [
      ...(curve.length === 0 ? ["muNet (--scale-factors 0.3,1)"] : []),
      ...(baselines.length === 0 ? ["the baselines (--baselines all)"] : []),
    ],
  };
}

/** The nine claims, in the order of the paper's argument. */
export const MUNET_CLAIMS: readonly Claim[] = [
  {
    name: "accuracy",
    statement: "muNet (s=1) is more accurate than full fine-tuning",
    source: "muNet abstract, Tables 1, 2",
    statistic: "mean test accuracy over the tasks, muNet minus full fine-tuning",
    tables: ["methods", "differences"],
    needs: againstFull,
    evidence: againstFullEvidence("accuracy"),
  },
  {
    name: "size",
    statement: "muNet (s=1) has fewer parameters per task than full fine-tuning",
    source: "muNet abstract, Tables 1, 2",
    statistic: "accounted parameters per task (eq. 3), muNet minus full fine-tuning",
    tables: ["methods", "differences"],
    needs: againstFull,
    evidence: againstFullEvidence("size"),
  },
  {
    name: "size-control",
    statement: "Parameters per task fall as the scale factor falls",
    source: "muNet §3.1, Fig. 3",
    statistic: "slope of the accounted parameters over the scale factors in order; no step may clearly rise",
    tables: ["methods"],
    needs: wholeCurve,
    evidence: sizeEvidence,
  },
  {
    name: "trade-off",
    statement: "At some scale factor muNet beats every baseline in both quality and size",
    source: "muNet §3.1, Fig. 3",
    statistic: "accuracy and size, muNet minus each baseline; all of them at one scale factor",
    tables: ["methods", "differences"],
    needs: tradeOffNeeds,
    evidence: tradeOffEvidence,
  },
  {
    name: "tuning",
    statement: "Auto-tuning of hyperparameters raises accuracy (s=1)",
    source: "muNet Tables 1, 2",
    statistic: "mean test accuracy, muNet minus muNet without auto-tuning",
    tables: ["methods", "differences"],
    needs: partNeeds(TUNING),
    evidence: partEvidence(TUNING, "above"),
  },
  {
    name: "adapters-low",
    statement: `Residual adapters raise accuracy at low scale factors (s < ${LOW_SCALE})`,
    source: "muNet Fig. 4",
    statistic: "mean test accuracy, muNet minus muNet without adapters, mean over these scale factors",
    tables: ["methods", "differences"],
    needs: partNeeds(LOW),
    evidence: partEvidence(LOW, "above"),
  },
  {
    name: "adapters-high",
    statement: `Residual adapters make no difference at high scale factors (s > ${HIGH_SCALE}; within ${SAME} point)`,
    source: "muNet Fig. 4",
    statistic: "the same, as a test of equivalence: the whole interval within ± 1 point",
    tables: ["methods", "differences"],
    needs: partNeeds(HIGH),
    evidence: partEvidence(HIGH, "within", SAME),
  },
  {
    name: "smaller-parts",
    statement: "A lower scale factor shifts the search to fewer blocks and smaller adapters",
    source: "muNet Fig. 8",
    statistic: "slopes of the mean blocks and adapter size of all children over the scale factors in order",
    tables: ["hyperparams"],
    needs: wholeCurve,
    evidence: smallerParts,
  },
  {
    name: "exchange",
    statement: "Tasks with many images pass knowledge on; tasks with few take it",
    source: "muNet Fig. 6, 7",
    statistic:
      "models built on a task's models minus models that its own is built on, larger tasks minus smaller",
    tables: ["transfer"],
    needs: onlyMunet,
    evidence: exchangeEvidence,
  },
];
