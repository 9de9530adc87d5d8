// Words for published numbers: what they count, and their values.

import { benchmarkOf } from "../../analysis/paper/benchmarks.js";
import type { Quantity, Target } from "../../analysis/paper/target.js";

const QUANTITIES: Readonly<Record<Quantity, string>> = {
  test: "test, %",
  "test-max": "test max, %",
  params: "params/task, M",
  "core-hours": "core-h",
  blocks: "blocks",
  "test-gain": "test above full, points",
  "test-ratio": "test above full, % of it",
  "params-cut": "fewer params than full, %",
  transfer: "gradient steps, %",
  "system-params": "params of all, M",
  activated: "activated, %",
  added: "params/task, M",
  std: "mean std, points",
};

/** What a published number counts, with its unit. */
export const quantityText = ({ quantity, from }: Target): string =>
  from === undefined ? QUANTITIES[quantity] : `${QUANTITIES[quantity]} on ${from}`;

/** A published number, ± its deviation if the paper gives one. */
export const publishedValue = ({ value, std, decimals }: Target): string =>
  std === null ? value.toFixed(decimals) : `${value.toFixed(decimals)} ± ${std.toFixed(2)}`;

/** A published number as plain columns. */
export const targetColumns = (target: Target) => ({
  source: target.source,
  benchmark: benchmarkOf(target.benchmark).title,
  method: target.method,
  task: target.task,
  quantity: quantityText(target),
  published: target.value,
  publishedStd: target.std,
  publishedRuns: target.runs,
});
