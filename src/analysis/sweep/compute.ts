// Accuracy at every budget: what each method had found by the time that it had spent so many training examples, or
// operations, per task. A comparison at one budget depends on the budget; the curve does not.

import type { Variant } from "../../core/variant.js";
import { variantLabel } from "../../format/method-names.js";
import type { Effort } from "../effort.js";
import type { SweepPoint } from "../point.js";
import { interval, mean } from "../stats.js";
import { groupPoints } from "./groups.js";

export type Spent = "examples" | "flops";

/** A method at one budget. */
export interface ComputeRow {
  readonly variant: Variant;
  readonly method: string;
  readonly spent: Spent;
  /** Per task; examples, or operations. */
  readonly budget: number;
  /** Best validation accuracy by then, mean over tasks and repetitions, and its 95 % interval, in per cent; null for one repetition. */
  readonly accuracy: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly runs: number;
  /** Whether all runs had ended with less: their last value lasts. */
  readonly lasts: boolean;
}

/** Budgets at which the curves are read, evenly spaced on a logarithmic axis. */
const BUDGETS = 40;

/** All methods at the same budgets, from where all their tasks have a model. Points of earlier versions have no course, and no rows. */
export function computeRows(points: readonly SweepPoint[], spent: Spent): ComputeRow[] {
  const known = points.filter(({ tasks }) => tasks.length > 0 && tasks.every(({ effort }) => effort?.length));
  const budgets = budgetsOf(known, spent);
  return groupPoints(known).flatMap(({ variant, points: own }) => {
    const end = Math.max(...own.flatMap(({ tasks }) => tasks.map(({ effort }) => effort!.at(-1)![spent])));
    const all = [...new Set([...budgets, end])].sort((a, b) => a - b);
    return all.flatMap((budget): ComputeRow[] => {
      const values = own.map((point) => accuracyAt(point, spent, budget));
      if (values.some((value) => value === null)) return [];
      const { n, mean: accuracy, low, high } = interval(values.map((value) => 100 * value!));
      const method = variantLabel(variant);
      return [{ variant, method, spent, budget, accuracy, low, high, runs: n, lasts: budget > end }];
    });
  });
}

function budgetsOf(points: readonly SweepPoint[], spent: Spent): number[] {
  const courses = points.flatMap(({ tasks }) => tasks.map(({ effort }) => effort!));
  if (courses.length === 0) return [];
  const least = Math.min(...courses.map((course) => course[0]![spent]));
  const most = Math.max(...courses.map((course) => course.at(-1)![spent]));
  if (!(least > 0) || least === most) return [most];
  return Array.from({ length: BUDGETS }, (_, i) =>
    i === BUDGETS - 1 ? most : least * (most / least) ** (i / (BUDGETS - 1)),
  );
}

/** Mean over the tasks of the best accuracy found with `budget` each; null where a task has none yet. */
function accuracyAt({ tasks }: SweepPoint, spent: Spent, budget: number): number | null {
  const found = tasks.map(({ effort }) => lastWithin(effort!, spent, budget)?.accuracy);
  return found.every((accuracy) => accuracy !== undefined) ? mean(found) : null;
}

const lastWithin = (course: readonly Effort[], spent: Spent, budget: number): Effort | undefined =>
  course.filter((effort) => effort[spent] <= budget * (1 + 1e-9)).at(-1);
