// Words for published numbers: what they count, and their values.

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

/** A published number as it is printed. */
export const publishedText = ({ value, decimals }: Target): string => value.toFixed(decimals);
