// What a run's method is called beside others: the line it belongs to in a picture of methods, and what its point on that
// line is. Both follow from the method alone, so that a run made by hand is described like one of a sweep.

import { type Method, mu2net, munet, munetCode } from "../core/methods.js";
import { formatList } from "./numbers.js";

export interface MethodLabel {
  /** "muNet", "µ2Net without auto-tuning", "Residual adapters". */
  readonly curve: string;
  /** "s 0.3", "dim 64"; empty where a line has one point only. */
  readonly point: string;
}

const KNOWN: Readonly<Record<string, readonly [string, Method]>> = {
  [munet.name]: ["muNet", munet],
  [munetCode.name]: ["muNet (published code)", munetCode],
  [mu2net.name]: ["µ2Net", mu2net],
};

/** Switches that are described by their names where they differ from the published method's. */
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
  return { curve: [name, ...changes(method, published)].join(" "), point: `s ${method.scaleFactor}` };
}

/** Without evolution: one of muNet's baselines (experiments/variants). */
function baselineLabel({ insertAdapters, forceClone, defaults }: Method): MethodLabel {
  if (insertAdapters) return { curve: "Residual adapters", point: `dim ${defaults.adapterDim}` };
  if (defaults.mutationProbability === 1) return { curve: "Full fine-tuning", point: "" };
  const blocks = forceClone.filter((name) => name.startsWith("encoderblock")).length;
  return blocks === 0
    ? { curve: "Multi-head", point: "" }
    : { curve: "Fine-tune top layers", point: `top ${blocks}` };
}

function changes(method: Method, published: Method): string[] {
  const isOff = (key: "insertAdapters" | "tuneHyperparams") => published[key] && !method[key];
  const without = [isOff("insertAdapters") && "adapters", isOff("tuneHyperparams") && "auto-tuning"];
  const off = without.filter((part) => part !== false);
  const mu = method.defaults.mutationProbability;
  const others = SWITCHES.filter((key) => method[key] !== published[key]);
  const told = [
    ...(mu === published.defaults.mutationProbability ? [] : [`µ ${mu}`]),
    ...others.map((key) => `${key} ${method[key]}`),
  ];
  return [
    ...(off.length > 0 ? [`without ${formatList(off)}`] : []),
    ...(!published.insertAdapters && method.insertAdapters ? ["with adapters"] : []),
    ...(told.length > 0 ? [`(${told.join(", ")})`] : []),
  ];
}
