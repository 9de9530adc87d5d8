// The points of a sweep by variant, and the numbers of one point as a whole. The benchmark's number of a run is the
// plain mean over its tasks (method.md §e.5).

import { type Variant, variantName } from "../../core/variant.js";
import type { PointTask, SweepPoint } from "../point.js";
import { mean } from "../stats.js";

/** All repetitions of one variant, by repetition. */
export interface VariantGroup {
  readonly name: string;
  readonly variant: Variant;
  readonly points: readonly SweepPoint[];
}

/** The variants in the order of their first points. */
export function groupPoints(points: readonly SweepPoint[]): VariantGroup[] {
  const groups = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const name = variantName(point.variant);
    groups.set(name, [...(groups.get(name) ?? []), point]);
  }
  return [...groups].map(([name, own]) => ({
    name,
    variant: own[0]!.variant,
    points: own.sort((a, b) => a.repetition - b.repetition),
  }));
}

/** Mean test accuracy over the tasks of a point, in [0, 1]. */
export const testOf = ({ tasks }: SweepPoint): number => mean(tasks.map(({ testAccuracy }) => testAccuracy));

/** Accounted parameters of all tasks divided by their number; a count. muNet Table 1. */
export const paramsOf = ({ tasks }: SweepPoint): number =>
  mean(tasks.map(({ accountedParams }) => accountedParams));

/** The tasks of points of one variant, each with one model per repetition, without untested models. */
export function taskPairs(points: readonly SweepPoint[]): { task: string; models: PointTask[] }[] {
  const tasks = new Map<string, PointTask[]>();
  for (const model of points.flatMap((point) => point.tasks))
    if (Number.isFinite(model.testAccuracy)) tasks.set(model.task, [...(tasks.get(model.task) ?? []), model]);
  return [...tasks].map(([task, models]) => ({ task, models }));
}
