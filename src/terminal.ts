// A run in a terminal: a live block of a few lines where there is one, one plain line a generation where there is not,
// and the table at the end. What is written is made by pure functions in terminal/; only the display writes.

import { createLogUpdate } from "log-update";
import picocolors from "picocolors";
import type { Event } from "./core/event.js";
import type { Experiment } from "./core/experiment.js";
import type { State } from "./core/state.js";
import { eventLine, type Ink, noInk, progressLines } from "./terminal/lines.js";
import { plainText } from "./terminal/plain.js";
import { type Progress, startProgress, stepProgress } from "./view/progress.js";

export { resultTable, textTable } from "./terminal/table.js";

/** Shows a run as it goes on. */
export interface Display {
  /** `state` is the run's state after `event`. */
  event(event: Event, state: State): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the last block standing and writes no more. */
  end(): void;
}

export interface DisplayOptions {
  readonly stream: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly experiment: Experiment;
  /** Whether the stream is a terminal; asked of the stream where not given, as is the width. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Where not given: on a terminal, unless NO_COLOR is set or TERM is "dumb". */
  readonly color?: boolean;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
  /** Calls back later and returns how to call that off; for tests. */
  readonly later?: (call: () => void, ms: number) => () => void;
}

/** A terminal is drawn at most ten times a second. */
const REDRAW_MS = 100;

/** A display that writes to `stream`. */
export function createDisplay(options: DisplayOptions): Display {
  const { stream } = options;
  const isTTY = (options.isTTY ?? stream.isTTY ?? false) && process.env.TERM !== "dumb";
  return isTTY ? liveDisplay(options) : plainDisplay(options);
}

function plainDisplay({ stream, experiment }: DisplayOptions): Display {
  let progress = startProgress(experiment);
  return {
    event(event, state) {
      progress = stepProgress(progress, event, state, experiment);
      const line = eventLine(event, state, progress);
      if (line !== null) stream.write(`${line}\n`);
    },
    note: (line) => void stream.write(`${plainText(line)}\n`),
    end() {},
  };
}

function liveDisplay({
  stream,
  experiment,
  now = Date.now,
  later = timer,
  ...rest
}: DisplayOptions): Display {
  const tasks = experiment.tasks.map(({ name }) => name);
  const color = rest.color ?? !process.env.NO_COLOR;
  const ink = color ? colors() : noInk;
  const columns = () => rest.columns ?? (stream.columns || 80);
  // A terminal that doesn't know its size says 0 (as some recorders' do), and nothing would be drawn in that.
  const screen = {
    isTTY: true,
    write: (text: string) => stream.write(text),
    get columns() {
      return columns();
    },
    get rows() {
      return stream.rows || 24;
    },
  };
  const update = createLogUpdate(screen as NodeJS.WriteStream);
  let progress: Progress = startProgress(experiment);
  let drawn = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  let ended = false;

  const draw = () => {
    callOff?.();
    callOff = undefined;
    drawn = now();
    update(progressLines(progress, tasks, columns() - 1, ink).join("\n"));
  };
  return {
    event(event, state) {
      if (ended) return;
      progress = stepProgress(progress, event, state, experiment);
      if (now() - drawn >= REDRAW_MS) draw();
      else callOff ??= later(draw, REDRAW_MS);
    },
    note(line) {
      if (ended) return void stream.write(`${plainText(line)}\n`);
      update.clear();
      stream.write(`${plainText(line)}\n`);
      draw();
    },
    end() {
      if (ended) return;
      draw();
      ended = true;
      update.done();
    },
  };
}

function timer(call: () => void, ms: number): () => void {
  const id = setTimeout(call, ms).unref();
  return () => clearTimeout(id);
}

/** The sixteen colours that every terminal has and themes itself. */
function colors(): Ink {
  const c = picocolors.createColors(true);
  const byTask = [c.blue, c.yellow, c.green, c.magenta, c.cyan, c.red];
  return {
    bold: c.bold,
    dim: c.dim,
    task: (index, text) => (index < 0 ? text : byTask[index % byTask.length]!(text)),
  };
}
