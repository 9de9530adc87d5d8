// Watching a sweep in a notebook: how far it is, what is being run, the best so far, in place under the cell. Anywhere
// else it is printed as one line per point.

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
      update(); // the last is always sent
    } else waiting ??= setTimeout(update, UPDATE_MS).unref();
  });
}

function printLines(sweep: SweepRun): void {
  sweep.subscribe((event) => {
    if (event.type === "point-ended") console.log(pointLine(event.point, sweep.progress));
    if (event.type === "point-failed") console.log(`${event.failure.name} failed: ${event.failure.message}`);
  });
}

/** A value that shows the sweep as it is now. */
const displayed = (sweep: SweepRun) => ({ [DISPLAY]: (): MimeBundle => sweepBundle(sweep) });

/** The sweep as HTML and as text. */
function sweepBundle({ plan, progress, status, failures }: SweepRun): MimeBundle {
  const text = sweepLines(progress, COLUMNS).join("\n");
  return {
    "text/html": sweepHtml(plan.title, status, progress, failures),
    "text/plain": `${plan.title}: ${status}\n${text}`,
  };
}
