// What a column of a table counts: the unit of its values as CSV, JSON and cells of a notebook hold them, in full precision,
// and how people read them. docs/tables.md lists the columns with their units.

import {
  formatCount,
  formatDuration,
  formatParams,
  formatPercent,
  formatPoints,
  formatScaled,
  signed,
} from "./numbers.js";

export type Value = string | number | boolean | null | undefined;

export interface Quantity {
  /** What a value is; empty for words. */
  readonly unit: string;
  readonly isNumber: boolean;
  /** As people read it: "–" where there is none. */
  readonly text: (value: Value) => string;
}

const NONE = "–";

const numeric = (unit: string, text: (value: number) => string): Quantity => ({
  unit,
  isNumber: true,
  text: (value) => {
    if (typeof value !== "number") return WORDS.text(value);
    return Number.isFinite(value) ? text(value) : NONE;
  },
});

export const WORDS: Quantity = {
  unit: "",
  isNumber: false,
  text: (value) => {
    if (typeof value === "boolean") return value ? "yes" : "no";
    return value === null || value === undefined ? NONE : String(value);
  },
};

export const COUNT = numeric("a count", formatCount);
/** The number of a model or of a turn: no groups of digits. */
export const NUMBER = numeric("a number", String);
export const SHARE = numeric("a share of 1", (share) => formatPercent(share));
/** With the two decimals of the papers' tables of methods. */
export const SHARE_2 = numeric("a share of 1", (share) => formatPercent(share, 2));
export const WHOLE_SHARE = numeric("a share of 1", (share) => formatPercent(share, 0));
/** The deviation of a share. */
export const SHARE_SPREAD = numeric("a share of 1", (share) => `± ${(100 * share).toFixed(2)}`);
/** The difference of two shares, in points of per cent where people read it. */
export const SHARE_DIFFERENCE = numeric("a share of 1", formatPoints);
export const POINTS = numeric("points of per cent", (points) => formatPoints(points / 100));
export const PARAMS = numeric("a count of parameters", formatParams);
export const PARAMS_DIFFERENCE = numeric("a count of parameters", (count) =>
  signed(count, (size) => formatParams(size)),
);
/** Examples and operations: "3.45 T". */
export const SCALED = numeric("a count", formatScaled);
export const HOURS = numeric("hours", (hours) => hours.toFixed(3));
export const HOURS_DURATION = numeric("hours", (hours) => formatDuration(hours * 3600));
export const MINUTES = numeric("minutes", (minutes) => minutes.toFixed(1));
/** A number whose unit another column of its row names. */
export const AS_NAMED = numeric("as its row says", (value) => value.toFixed(2).replace("-", "−"));
export const AS_NAMED_SPREAD = numeric("as its row says", (value) => `± ${value.toFixed(2)}`);
export const AS_NAMED_DIFFERENCE = numeric("as its row says", (value) =>
  signed(value, (size) => size.toFixed(2)),
);
/** The mean of counts. */
export const MEAN_COUNT = numeric("a mean of counts", (value) => value.toFixed(1));
