// A run on a terminal: a live block of a few lines, and a table at the end; where there is no terminal, one plain line per
// generation. Pure functions in terminal/ make the text; only the display writes it.

import { type Progress, startProgress, stepProgress } from "../analysis/progress.js";
import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { type State, standingTasks } from "../core/state.js";
import { plainText } from "../format/plain.js";
import { eventLine, noInk, progressLines } from "./lines.js";
import { colors, isLive, type LiveOptions, liveBlock } from "./live-block.js";

export { textTable } from "../format/terminal-table.js";
export { resultTable } from "./result-table.js";

/** Shows a run while it runs. */
export interface Display {
  /** `state` is the run's state after `event`. */
  event(event: Event, state: State): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the last block in place and writes no more. */
  end(): void;
}

export interface DisplayOptions extends LiveOptions {
  readonly experiment: Experiment;
  /** Whether the stream is a terminal; asked of the stream where not given. */
  readonly isTTY?: boolean;
  /** Where not given: on a terminal, unless NO_COLOR is set or TERM is "dumb". */
  readonly color?: boolean;
}

/** A display that writes to `stream`. */
export function createDisplay(options: DisplayOptions): Display {
  const { stream, isTTY = stream.isTTY } = options;
  return isLive(isTTY) ? liveDisplay(options) : plainDisplay(options);
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

function liveDisplay({ experiment, color = !process.env.NO_COLOR, ...options }: DisplayOptions): Display {
  let tasks = experiment.tasks.map(({ name }) => name);
  const ink = color ? colors() : noInk;
  let progress: Progress = startProgress(experiment);
  const block = liveBlock(options, (columns) => progressLines(progress, tasks, columns, ink));
  return {
    event(event, state) {
      progress = stepProgress(progress, event, state, experiment);
      if (state.tasks.length > 0) tasks = standingTasks(state).map(({ name }) => name);
      block.changed();
    },
    note: block.note,
    end: block.end,
  };
}
