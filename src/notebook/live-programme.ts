// Watching a programme in a notebook: its segments, what is growing and the time left, updated in place, above the live
// views of its system. Outside the kernel it prints one line per step.

import { segmentRows } from "../analysis/segments.js";
import { effectiveEvents } from "../core/event.js";
import { formatDuration, formatForecast, plural } from "../format/numbers.js";
import { COUNT, SHARE } from "../format/quantities.js";
import { type TableView, view } from "../format/table.js";
import { notebookTable } from "../format/table-html.js";
import { plainTable } from "../format/table-text.js";
import type { ProgrammeRun } from "../programme/programme-run.js";
import type { PlannedStep } from "../programme/progress.js";
import { commLayer, type MimeBundle } from "./layer.js";
import { watch } from "./notebook.js";

const UPDATE_MS = 250;
const DISPLAY = Symbol.for("Jupyter.display");

/** Shows `programme` until it has settled, and its system. */
export function watchProgramme(programme: ProgrammeRun): void {
  const layer = commLayer();
  if (!layer) {
    programme.subscribe((event) => {
      if (event.type === "step-started" || event.type === "step-ended")
        console.log(`${nameOf(event.step)}: ${event.type === "step-ended" ? "ended" : "growing"}`);
    });
    return;
  }
  const rows = new Rows(programme);
  const displayed = () => ({ [DISPLAY]: (): MimeBundle => bundleOf(programme, rows.view()) });
  const shown = layer.display(displayed());
  let waiting: NodeJS.Timeout | undefined;
  const update = () => {
    clearTimeout(waiting);
    waiting = undefined;
    shown.update(displayed());
  };
  const off = programme.subscribe(({ type }) => {
    if (type === "step-ended") rows.refresh();
    if (type === "settled") {
      off();
      rows.refresh();
      update(); // the last update is always sent
    } else waiting ??= setTimeout(update, UPDATE_MS).unref();
  });
  watch(programme.system);
}

const nameOf = ({ segment, title, replica }: Pick<PlannedStep, "segment" | "title" | "replica">): string =>
  `segment ${segment + 1}, ${title}${replica === undefined ? "" : `, copy ${replica}`}`;

/** The table of a programme's steps. What its system was at the end of each segment is a fold of its whole journal, so that is done once per step. */
class Rows {
  #ends: ReturnType<typeof segmentRows> = [];

  constructor(readonly programme: ProgrammeRun) {
    this.refresh();
  }

  refresh(): void {
    const { experiment, events, threads } = this.programme.system;
    this.#ends = segmentRows(experiment, effectiveEvents(events), threads);
  }

  view(): TableView {
    const { steps, stepsDone } = this.programme.progress;
    return view(
      steps.map((step, i) => ({ ...step, i, end: this.#endOf(step, i < stepsDone) })),
      [
        {
          head: "segment",
          value: ({ segment, replica }) => `${segment + 1}${replica ? `, copy ${replica}` : ""}`,
        },
        { head: "title", value: ({ title }) => title },
        { head: "children", of: COUNT, value: ({ children }) => children },
        { head: "now", value: ({ i }) => this.#stateOf(i) },
        { head: "tasks", of: COUNT, value: ({ end }) => end?.tasks ?? null },
        { head: "test", of: SHARE, value: ({ end }) => end?.test ?? null },
      ],
    );
  }

  #endOf({ segment, replica }: PlannedStep, isDone: boolean) {
    return isDone && replica === undefined ? this.#ends[segment] : undefined;
  }

  #stateOf(i: number): string {
    const { steps, stepsDone, childrenDone } = this.programme.progress;
    if (i < stepsDone) return "ended";
    if (i > stepsDone) return "";
    const { current, status } = this.programme;
    const doing = current ? `${childrenDone} of ${steps[i]!.children} children` : "about to begin";
    return status === "running" ? doing : `${doing}; ${status}`;
  }
}

function bundleOf(programme: ProgrammeRun, table: TableView): MimeBundle {
  const { title } = programme.programme;
  const { steps, stepsDone, secondsLeft } = programme.progress;
  const { status, current } = programme;
  const left =
    status !== "running" || secondsLeft === 0
      ? ""
      : `; about ${stepsDone === 0 ? formatForecast(secondsLeft) : formatDuration(secondsLeft)} left`;
  const task = current?.run.state.activation?.task;
  const now = task === undefined ? "" : `; now ${task}`;
  const note = `${title}: ${status}; ${stepsDone} of ${plural(steps.length, "step")}${now}${left}.`;
  return {
    "text/html": notebookTable(table, [note]).text,
    "text/plain": `${note}\n\n${plainTable(table)}`,
  };
}
