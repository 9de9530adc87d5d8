// Differences between variants, repetition by repetition: both share seed, data and root, so the effect of the seed cancels
// out. Each interval is 95 % by itself; of twenty, one may miss.

import type { TaskName } from "../../core/model.js";
import { type Variant, variantName } from "../../core/variant.js";
import type { SweepPoint } from "../point.js";
import { type Interval, interval } from "../stats.js";
import { groupPoints, paramsOf, testOf, type VariantGroup } from "./groups.js";

/** `variant` minus `against`, over the repetitions that both have. */
export interface DifferenceRow {
  readonly variant: Variant;
  readonly against: Variant;
  /** Null means the mean over the tasks. */
  readonly task: TaskName | null;
  /** Test accuracy, in percentage points. */
  readonly test: Interval;
  /** Accounted parameters per task, a count. */
  readonly params: Interval;
}

/** `of(point)` of each repetition of `a` minus that of the same repetition of `b`. */
export const pairedValues = (
  a: readonly SweepPoint[],
  b: readonly SweepPoint[],
  of: (point: SweepPoint) => number,
): number[] =>
  a.flatMap((point) => {
    const twin = b.find(({ repetition }) => repetition === point.repetition);
    const difference = twin ? of(point) - of(twin) : Number.NaN;
    return Number.isFinite(difference) ? [difference] : [];
  });

/** The same as a mean with its interval. */
export const paired = (
  a: readonly SweepPoint[],
  b: readonly SweepPoint[],
  of: (point: SweepPoint) => number,
): Interval => interval(pairedValues(a, b, of));

/** The default reference for comparisons: muNet itself, or else the first variant. */
export const referenceOf = (groups: readonly VariantGroup[], name?: string): VariantGroup | undefined =>
  groups.find((group) => group.name === (name ?? "munet-s1")) ?? (name === undefined ? groups[0] : undefined);

/** Every other variant minus the reference, as means over the tasks. */
export function differenceRows(points: readonly SweepPoint[], against?: string): DifferenceRow[] {
  return compare(points, against, () => [null]);
}

/** The same, task by task. */
export const taskDifferenceRows = (points: readonly SweepPoint[], against?: string): DifferenceRow[] =>
  compare(points, against, (group) => group.points[0]!.tasks.map(({ task }) => task));

function compare(
  points: readonly SweepPoint[],
  against: string | undefined,
  tasksOf: (group: VariantGroup) => readonly (TaskName | null)[],
): DifferenceRow[] {
  const groups = groupPoints(points);
  const reference = referenceOf(groups, against);
  if (!reference) return [];
  return groups
    .filter(({ variant }) => variantName(variant) !== reference.name)
    .flatMap((group) =>
      tasksOf(group).map((task) => ({
        variant: group.variant,
        against: reference.variant,
        task,
        test: paired(group.points, reference.points, (point) => 100 * testIn(point, task)),
        params: paired(group.points, reference.points, (point) => paramsIn(point, task)),
      })),
    );
}

const testIn = (point: SweepPoint, task: TaskName | null): number =>
  task === null ? testOf(point) : (modelOf(point, task)?.testAccuracy ?? Number.NaN);

const paramsIn = (point: SweepPoint, task: TaskName | null): number =>
  task === null ? paramsOf(point) : (modelOf(point, task)?.accountedParams ?? Number.NaN);

const modelOf = ({ tasks }: SweepPoint, task: TaskName) => tasks.find((model) => model.task === task);
