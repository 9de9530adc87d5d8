// Describes the differences between two plans, for attempts to continue a folder as another sweep.

import { substanceOf } from "../core/experiment.js";
import { variantName } from "../core/variant.js";
import { canonicalJson } from "../run/digest.js";
import type { PlannedVariant, SweepPlan } from "./plan.js";

const MOST = 3;

/** What only `stored` or only `asked` has; undefined if they are the same plan. */
export function planDifference(asked: SweepPlan, stored: SweepPlan): string | undefined {
  if (canonicalJson(substance(asked)) === canonicalJson(substance(stored))) return undefined;
  const differences = [
    ...fields({ ...asked }, { ...stored }, ["name", "seed", "repetitions"]),
    ...variants(asked, stored),
    ...experiments(asked, stored),
  ];
  const more = differences.length - MOST;
  return [...differences.slice(0, MOST), ...(more > 0 ? [`${more} more`] : [])].join("; ");
}

/** The plan without the descriptions of its experiments. */
const substance = (plan: SweepPlan) => ({
  ...plan,
  title: "",
  variants: plan.variants.map(({ variant, experiment }) => ({
    variant,
    experiment: substanceOf(experiment),
  })),
});

type Fields = Readonly<Record<string, unknown>>;

/** The fields that differ, with the paths of nested ones. */
function fields(asked: Fields, stored: Fields, keys: readonly string[], path = ""): string[] {
  return keys.flatMap((key) => {
    const [mine, other] = [asked[key], stored[key]];
    if (canonicalJson(mine ?? null) === canonicalJson(other ?? null)) return [];
    if (isObject(mine) && isObject(other))
      return fields(mine, other, Object.keys({ ...mine, ...other }), `${path}${key}.`);
    return [`its ${path}${key} is ${show(other)}, not ${show(mine)}`];
  });
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function variants(asked: SweepPlan, stored: SweepPlan): string[] {
  const names = (plan: SweepPlan) => plan.variants.map(({ variant }) => variantName(variant));
  const [here, there] = [names(asked), names(stored)];
  const extra = there.filter((name) => !here.includes(name));
  const missing = here.filter((name) => !there.includes(name));
  if (extra.length + missing.length === 0 && here.join() !== there.join())
    return ["its variants are the same in another order"];
  return [
    ...(extra.length > 0 ? [`it also has ${extra.join(", ")}`] : []),
    ...(missing.length > 0 ? [`it has no ${missing.join(", ")}`] : []),
  ];
}

/** The experiment's fields in the first common variant that differs. */
function experiments(asked: SweepPlan, stored: SweepPlan): string[] {
  for (const mine of asked.variants) {
    const other = stored.variants.find((each) => variantName(each.variant) === variantName(mine.variant));
    if (other && canonicalJson(other) !== canonicalJson(mine)) {
      const found = variantFields(mine, other);
      if (found.length > 0) return found.map((text) => `of ${variantName(mine.variant)} ${text}`);
    }
  }
  return [];
}

function variantFields(asked: PlannedVariant, stored: PlannedVariant): string[] {
  const [mine, other]: Fields[] = [substanceOf(asked.experiment), substanceOf(stored.experiment)];
  const keys = Object.keys({ ...mine, ...other }).filter((key) => key !== "seed");
  return fields(mine!, other!, keys);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
