// A block of a few lines that a terminal redraws in place, with lines that stay above it.

import { createLogUpdate } from "log-update";
import picocolors from "picocolors";
import { paintedText, plainText } from "../format/plain.js";
import { drawingOn } from "./guard.js";
import type { Ink } from "./lines.js";

export interface LiveOptions {
  readonly stream: NodeJS.WritableStream & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  /** Asked of the stream where not given. */
  readonly columns?: number;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
  /** Calls back later and returns how to call that off; for tests. */
  readonly later?: (call: () => void, ms: number) => () => void;
}

export interface LiveBlock {
  /** Asks for a redraw, which happens soon. */
  changed(): void;
  /** A line that stays. */
  note(line: string): void;
  /** Leaves the last block in place and writes no more. */
  end(): void;
}

/** A terminal is drawn at most ten times a second. */
const REDRAW_MS = 100;

/** A block of the lines that `lines` returns for a number of columns. */
export function liveBlock(
  { stream, now = Date.now, later = timer, ...rest }: LiveOptions,
  lines: (columns: number) => readonly string[],
): LiveBlock {
  const columns = () => rest.columns ?? (stream.columns || 80);
  const update = redrawing(stream, columns);
  let drawn = Number.NEGATIVE_INFINITY;
  let callOff: (() => void) | undefined;
  let ended = false;
  const draw = () => {
    callOff?.();
    callOff = undefined;
    drawn = now();
    update(
      lines(columns() - 1)
        .map(paintedText)
        .join("\n"),
    );
  };
  return {
    changed() {
      if (ended) return;
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

/** Draws lines over the last ones. A terminal that doesn't know its size reports 0 (some recorders do), in which nothing would fit. */
export function redrawing(
  stream: LiveOptions["stream"],
  columns: () => number = () => stream.columns || 80,
): ReturnType<typeof createLogUpdate> {
  const screen = {
    isTTY: true,
    write: drawingOn(stream),
    get columns() {
      return columns();
    },
    get rows() {
      return stream.rows || 24;
    },
  };
  return createLogUpdate(screen as NodeJS.WriteStream);
}

function timer(call: () => void, ms: number): () => void {
  const id = setTimeout(call, ms).unref();
  return () => clearTimeout(id);
}

/** Whether the terminal, if the stream is one, can be drawn on. */
export const isLive = (isTTY = false): boolean => isTTY && process.env.TERM !== "dumb";

/** The sixteen colours that every terminal has and themes for itself. */
export function colors(): Ink {
  const c = picocolors.createColors(true);
  const byTask = [c.blue, c.yellow, c.green, c.magenta, c.cyan, c.red];
  return {
    bold: c.bold,
    dim: c.dim,
    task: (index, text) => (index < 0 ? text : byTask[index % byTask.length]!(text)),
  };
}
