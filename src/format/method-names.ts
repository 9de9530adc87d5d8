// All words that name a method to people: the variants of a sweep, the curves of a picture of methods and the points on
// them, and the method of a single run. Its label follows from its switches alone, so that a run made by hand is described
// like one of a sweep. The names in files and options are core/variant's.

import { type Method, mu2net, munet, munetCode } from "../core/methods.js";
import type { Variant } from "../core/variant.js";
import { formatList } from "./numbers.js";

const FULL = "Full fine-tuning";
const TOP = "Fine-tune top layers";
const MULTI_HEAD = "Multi-head";
const ADAPTERS = "Residual adapters";

/** "muNet without adapters and auto-tuning". */
const without = (name: string, off: readonly (string | false)[]): string => {
  const parts = off.filter((part) => part !== false);
  return parts.length === 0 ? name : `${name} without ${formatList(parts)}`;
};

const custom = (name: string): string => (name === "mu2net" ? "µ2Net" : name);

/** The curves of muNet Fig. 3 and 4 in a fixed order, so that each keeps its colour from figure to figure. */
export const CURVES: readonly string[] = [
  "muNet",
  without("muNet", ["auto-tuning"]),
  ADAPTERS,
  TOP,
  without("muNet", ["adapters"]),
  without("muNet", ["adapters", "auto-tuning"]),
];

/** The curve to which a variant belongs (muNet Fig. 3). */
export function curveName(variant: Variant): string {
  switch (variant.method) {
    case "munet":
      return without("muNet", [!variant.adapters && "adapters", !variant.tuning && "auto-tuning"]);
    case "full":
      return FULL;
    case "top":
      return TOP;
    case "multi-head":
      return MULTI_HEAD;
    case "adapters":
      return ADAPTERS;
    case "custom":
      return custom(variant.name);
  }
}

/** The same in a figure of quality against size, where full fine-tuning and multi-head are the ends of one curve. */
export const qualityCurve = (variant: Variant): string =>
  variant.method === "full" || variant.method === "multi-head" ? TOP : curveName(variant);

/** What distinguishes a variant from the others on its curve: "s 0.3", "dim 64", "above 1". */
export function pointLabel(variant: Variant): string {
  switch (variant.method) {
    case "munet":
      return `s ${variant.scaleFactor}`;
    case "adapters":
      return `dim ${variant.dim}`;
    case "top":
      return variant.frozen === 0 ? "all blocks" : `above ${variant.frozen}`;
    case "full":
      return "full";
    case "multi-head":
      return "multi-head";
    case "custom":
      return "";
  }
}

/** A variant by itself: "muNet s=0.3", "Residual adapters 512". */
export function variantLabel(variant: Variant): string {
  switch (variant.method) {
    case "munet":
      return without(variant.scaleFactor === 1 ? "muNet" : `muNet s=${variant.scaleFactor}`, [
        !variant.adapters && "adapters",
        !variant.tuning && "auto-tuning",
      ]);
    case "full":
      return FULL;
    case "multi-head":
      return MULTI_HEAD;
    case "top":
      return variant.frozen === 0 ? "Fine-tune all blocks" : `Fine-tune above block ${variant.frozen}`;
    case "adapters":
      return `${ADAPTERS} ${variant.dim}`;
    case "custom":
      return custom(variant.name);
  }
}

/** A run's method beside others: the curve that it belongs to, and its point on the curve. */
export interface MethodLabel {
  /** "muNet", "µ2Net without auto-tuning", "Residual adapters". */
  readonly curve: string;
  /** "s 0.3", "dim 64"; empty where a curve has only one point. */
  readonly point: string;
}

const KNOWN: Readonly<Record<string, readonly [string, Method]>> = {
  [munet.name]: ["muNet", munet],
  [munetCode.name]: ["muNet (published code)", munetCode],
  [mu2net.name]: ["µ2Net", mu2net],
};

/** Switches that are mentioned by name if they differ from the published method's. */
const SWITCHES = [
  "parents",
  "keepTies",
  "tieSurvivor",
  "autoCloneUnlocked",
  "preprocessing",
  "preprocessingProbability",
  "depth",
  "keepMomentum",
  "momentumPrecision",
  "initSeed",
  "adapterSlots",
  "adapterPlaces",
  "categoricalSteps",
  "headInit",
] as const satisfies readonly (keyof Method)[];

export function methodLabel(method: Method): MethodLabel {
  if (method.parents === "root") return baselineLabel(method);
  const known = Object.hasOwn(KNOWN, method.name) ? KNOWN[method.name] : undefined;
  const [name, published] = known ?? [method.name, method];
  return { curve: changed(name, method, published), point: `s ${method.scaleFactor}` };
}

/** One of muNet's baselines, which don't evolve (experiments/variants). */
function baselineLabel({ insertAdapters, forceClone, defaults }: Method): MethodLabel {
  if (insertAdapters) return { curve: ADAPTERS, point: `dim ${defaults.adapterDim}` };
  if (defaults.mutationProbability === 1) return { curve: FULL, point: "" };
  const blocks = forceClone.filter((name) => name.startsWith("encoderblock")).length;
  return blocks === 0 ? { curve: MULTI_HEAD, point: "" } : { curve: TOP, point: `top ${blocks}` };
}

/** `name` followed by how `method` differs from `published`. */
function changed(name: string, method: Method, published: Method): string {
  const isOff = (key: "insertAdapters" | "tuneHyperparams") => published[key] && !method[key];
  const mu = method.defaults.mutationProbability;
  const others = [
    ...(mu === published.defaults.mutationProbability ? [] : [`µ ${mu}`]),
    ...SWITCHES.filter((key) => method[key] !== published[key]).map((key) => `${key} ${method[key]}`),
  ];
  return [
    without(name, [isOff("insertAdapters") && "adapters", isOff("tuneHyperparams") && "auto-tuning"]),
    ...(!published.insertAdapters && method.insertAdapters ? ["with adapters"] : []),
    ...(others.length > 0 ? [`(${others.join(", ")})`] : []),
  ].join(" ");
}
