// A sweep's tables for a terminal: the plan before it starts, the results after it.

import type { SweepPoint } from "../analysis/point.js";
import { methodRows } from "../analysis/sweep/methods.js";
import { variantName } from "../core/variant.js";
import { formatDuration } from "../format/numbers.js";
import { textTable } from "../format/terminal-table.js";
import type { PointForecast } from "../sweep/forecast.js";
import { pointName, type SweepPlan } from "../sweep/plan.js";

/** One variant as it is planned; the numbers are those of one run. */
export interface PlanRow {
  readonly name: string;
  readonly runs: number;
  readonly done: number;
  readonly children: number;
  readonly examples: number;
  readonly flops: number;
  readonly seconds: number;
}

/** One row per variant in `forecast`. */
export function planRows(
  plan: SweepPlan,
  forecast: readonly PointForecast[],
  points: readonly SweepPoint[],
): PlanRow[] {
  const ended = new Set(points.map(({ variant, repetition }) => pointName(variant, repetition)));
  return plan.variants.flatMap(({ variant }) => {
    const name = variantName(variant);
    const own = forecast.filter((point) => variantName(point.variant) === name);
    if (own.length === 0) return [];
    const done = own.filter((point) => ended.has(point.name)).length;
    const seconds = own.reduce((sum, point) => sum + point.seconds, 0) / own.length;
    return [{ name, runs: own.length, done, ...own[0]!.work, seconds }];
  });
}

const thousands = (count: number): string => `${Math.round(count / 1e3)}`;
const tera = (flops: number): string => (flops / 1e12).toFixed(flops < 1e13 ? 1 : 0);

/** One row per variant; `width` is the terminal's. */
export const planTable = (rows: readonly PlanRow[], width?: number): string =>
  textTable(
    ["variant", "runs", "done", "children", "examples k", "TFLOPs", "a run"],
    rows.map(({ name, runs, done, children, examples, flops, seconds }) => [
      name,
      `${runs}`,
      `${done}`,
      `${children}`,
      thousands(examples),
      tera(flops),
      formatDuration(seconds),
    ]),
    undefined,
    width,
  );

/** One row per variant over its repetitions: ± is their standard deviation, costs are means. */
export const sweepTable = (points: readonly SweepPoint[], width?: number): string =>
  textTable(
    ["variant", "runs", "test %", "±", "M per task", "examples k", "TFLOPs", "core s"],
    methodRows(points).map((row) => [
      variantName(row.variant),
      `${row.runs}`,
      (100 * row.test).toFixed(1),
      (100 * row.testStd).toFixed(1),
      (row.params / 1e6).toFixed(3),
      thousands(row.examples),
      tera(row.flops),
      (3600 * row.coreHours).toFixed(0),
    ]),
    undefined,
    width,
  );
