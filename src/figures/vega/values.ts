// Shared by the charts of hyperparameters: one panel per hyperparameter, its values along an axis.

import type { HyperparamShare } from "../../analysis/sweep/hyperparams.js";

/** Pixels per value on an axis. */
export const VALUE_STEP = 22;

/** One panel per hyperparameter, in the order of `rows`. */
export const panels = (rows: readonly HyperparamShare[]) => ({
  field: "hyperparam",
  type: "nominal" as const,
  sort: [...new Set(rows.map(({ hyperparam }) => hyperparam))],
  title: null,
  header: { labelFontWeight: "bold" as const },
});

/** The values of a panel in their natural order. */
export const valueAxis = {
  field: "value",
  type: "ordinal",
  sort: { field: "order", op: "min" },
  title: null,
  axis: { labelAngle: -45, domain: false, ticks: false, grid: false },
} as const;
