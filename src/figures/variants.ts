// Which variants of a sweep a figure or a table shows, and their names in it.

import type { SweepPoint } from "../analysis/point.js";
import { mainVariants } from "../analysis/sweep/curves.js";
import type { DifferenceRow } from "../analysis/sweep/differences.js";
import { groupPoints } from "../analysis/sweep/groups.js";
import { best } from "../analysis/sweep/measure.js";
import { unknownName } from "../core/errors/index.js";
import { type Variant, variantName } from "../core/variant.js";
import { variantLabel } from "../format/method-names.js";
import { pointsOf, type Source, type SourceOptions } from "./source.js";

type Points = readonly SweepPoint[];

/** The names of the variants of `points` that are `wanted`; of all by default. */
export const variantNames = (points: Points, wanted: (variant: Variant) => boolean = () => true): string[] =>
  groupPoints(points)
    .filter(({ variant }) => wanted(variant))
    .map(({ name }) => name);

/** The labels of all variants of `points`. */
export const variantLabels = (points: Points): string[] =>
  groupPoints(points).map(({ variant }) => variantLabel(variant));

/** A row with its variant's label, for people, and name, for `--variants`, in place of the variant. */
export const named = <Row extends { readonly variant: Variant }>({ variant, ...row }: Row) => ({
  method: variantLabel(variant),
  variant: variantName(variant),
  ...row,
});

/** The points of the variants that the options name, or by default of those that `usual` takes. Throws variant/unknown. */
export function chosenPoints(
  points: Points,
  { variants }: SourceOptions,
  usual: (points: Points) => readonly string[] = variantNames,
): SweepPoint[] {
  if (!variants || variants.length === 0) return withNames(points, usual(points));
  for (const name of variants) known(name, points);
  return withNames(points, variants);
}

const withNames = (points: Points, names: readonly string[]): SweepPoint[] =>
  points.filter(({ variant }) => names.includes(variantName(variant)));

/** Throws variant/unknown. */
function known(name: string, points: Points): void {
  const names = variantNames(points);
  if (!names.includes(name)) throw unknownName("variant", name, names, "here");
}

/** The points for a figure that has room for only a few methods. Throws variant/unknown. */
export const mainPoints = (source: Source, options: SourceOptions): SweepPoint[] =>
  chosenPoints(pointsOf(source), options, mainVariants);

/** The points of one variant: the first that the options name, or muNet, or the first of all. Throws variant/unknown. */
export function oneVariant(source: Source, { variants: [name] = [] }: SourceOptions): SweepPoint[] {
  const points = pointsOf(source);
  const usual = (all: Points): string[] => {
    const names = variantNames(all);
    return names.includes("munet-s1") ? ["munet-s1"] : names.slice(0, 1);
  };
  return chosenPoints(points, name === undefined ? {} : { variants: [name] }, usual);
}

/** One point of one variant: the repetition that the options name, or the best. Throws variant/unknown, repetition/unknown. */
export function onePoint(source: Source, options: SourceOptions): SweepPoint | undefined {
  const own = oneVariant(source, options);
  const { repetition } = options;
  if (own.length === 0) return undefined;
  if (repetition === undefined) return best(own);
  const found = own.find((point) => point.repetition === repetition);
  if (!found)
    throw unknownName(
      "repetition",
      String(repetition),
      own.map((point) => String(point.repetition)),
    );
  return found;
}

/** The differences of the chosen variants from the reference, which need not be one of them. Throws variant/unknown. */
export function chosenDifferences(
  source: Source,
  options: SourceOptions,
  rowsOf: (points: Points, against?: string) => DifferenceRow[],
): DifferenceRow[] {
  const points = pointsOf(source);
  const { against } = options;
  if (against !== undefined) known(against, points);
  const wanted = variantNames(chosenPoints(points, options));
  return rowsOf(points, against).filter(({ variant }) => wanted.includes(variantName(variant)));
}
