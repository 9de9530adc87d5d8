// Where commands print, and their summaries.

import type { SweepPoint } from "../analysis/point.js";
import { type Summary, summaryOf } from "../analysis/summary.js";
import { methodRows } from "../analysis/sweep/methods.js";
import { variantName } from "../core/variant.js";
import { plainJson } from "../format/plain.js";
import type { RunRecord } from "../run/record.js";

export interface JsonOption {
  readonly json?: boolean;
}

/** The lines for people: standard output, or standard error if standard output is reserved for JSON. */
export const linesOf = ({ json }: JsonOption): NodeJS.WriteStream => (json ? process.stderr : process.stdout);

/** Columns that a table has on `stream`: those of a terminal; in a file or a pipe every line stays whole. */
export const widthOf = ({ isTTY, columns }: NodeJS.WriteStream): number =>
  isTTY && columns > 0 ? columns : Number.POSITIVE_INFINITY;

/** Prints `value` as one line of JSON if that was requested. */
export function printJson({ json }: JsonOption, value: unknown): void {
  if (json) process.stdout.write(`${plainJson(value)}\n`);
}

/** The summary of a run as `--json` prints it. */
export const summaryOfRun = ({ state, experiment, wallMs, trainMs, digest }: RunRecord): Summary =>
  summaryOf(state, experiment, { wallSeconds: wallMs / 1000, trainSeconds: trainMs / 1000, digest });

export const variantsJson = (points: readonly SweepPoint[]): object[] =>
  methodRows(points).map((row) => ({ ...row, name: variantName(row.variant) }));
