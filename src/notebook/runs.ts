// Shows a run that is the value of a cell by its results, not by its fields.

import { Evolution } from "../run/evolution.js";
import { commLayer, type MimeBundle } from "./layer.js";
import { textOfRun } from "./text.js";

/** Makes the kernel show runs this way. */
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
