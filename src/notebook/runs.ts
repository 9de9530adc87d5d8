// A run as the value of a cell: its results, rather than its parts.

import { Evolution } from "../run/evolution.js";
import { commLayer, type MimeBundle } from "./layer.js";
import { textOfRun } from "./text.js";

/** From now on the kernel shows runs so. */
export function showRuns(): void {
  commLayer()?.addRenderer?.(renderRun);
}

/** The run in a few lines; undefined for any other value. */
export function renderRun(value: object): MimeBundle | undefined {
  if (!(value instanceof Evolution)) return undefined;
  const { experiment, state, status, dir } = value;
  return {
    "text/plain": `${textOfRun({ head: { experiment }, state, status })}\nin ${dir}; watch() shows it live`,
  };
}
