// Watching a sweep in a notebook: its progress, what is running and the best so far, updated in place under the cell.
// Outside the kernel it prints one line per point.

import type { SweepRun } from "../sweep/sweep-run.js";
import { pointLine, sweepLines } from "../terminal/sweep-lines.js";
import { commLayer, type MimeBundle } from "./layer.js";
import { sweepHtml } from "./sweep-html.js";

const UPDATE_MS = 250;
const DISPLAY = Symbol.for("Jupyter.display");
const COLUMNS = 100;

/** Shows `sweep` until it has settled. */
export function watchSweep(sweep: SweepRun): void {
  const layer = commLayer();
  if (!layer) {
    printLines(sweep);
    return;
  }
  const shown = layer.display(displayed(sweep));
  let waiting: NodeJS.Timeout | undefined;
  const update = () => {
    clearTimeout(waiting);
    waiting = undefined;
    shown.update(displayed(sweep));
  };
  const off = sweep.subscribe(({ type }) => {
    if (type === "settled") {
      off();
      update(); // the last update is always sent
    } else waiting ??= setTimeout(update, UPDATE_MS).unref();
  });
}

function printLines(sweep: SweepRun): void {
  sweep.subscribe((event) => {
    if (event.type === "point-ended") console.log(pointLine(event.point, sweep.progress));
    if (event.type === "point-failed") console.log(`${event.failure.name} failed: ${event.failure.message}`);
  });
}

/** A value that shows the sweep's present state. */
const displayed = (sweep: SweepRun) => ({ [DISPLAY]: (): MimeBundle => sweepBundle(sweep) });

/** The sweep as HTML and as text. */
function sweepBundle({ plan, progress, status, failures }: SweepRun): MimeBundle {
  const text = sweepLines(progress, COLUMNS).join("\n");
  return {
    "text/html": sweepHtml(plan.title, status, progress, failures),
    "text/plain": `${plan.title}: ${status}\n${text}`,
  };
}
