// Shows a sweep while it runs: a live block where there is a terminal, one line per point where there is not.

import { plainText } from "../format/plain.js";
import type { SweepProgress } from "../sweep/progress.js";
import type { SweepEvent } from "../sweep/sweep-run.js";
import { noInk } from "./lines.js";
import { colors, isLive, type LiveOptions, liveBlock } from "./live-block.js";
import { pointLine, sweepLines } from "./sweep-lines.js";

export interface SweepDisplay {
  /** `progress` is the sweep's after `event`; asked for only when it is shown. */
  event(event: SweepEvent, progress: () => SweepProgress): void;
  end(): void;
}

export interface SweepDisplayOptions extends LiveOptions {
  /** Whether the stream is a terminal; asked of the stream where not given. */
  readonly isTTY?: boolean;
  /** Where not given: unless NO_COLOR is set. */
  readonly color?: boolean;
}

export function createSweepDisplay(options: SweepDisplayOptions): SweepDisplay {
  const { stream, isTTY = stream.isTTY, color = !process.env.NO_COLOR } = options;
  const note = (line: string): void => void stream.write(`${plainText(line)}\n`);
  if (!isLive(isTTY))
    return {
      event(event, progress) {
        const line = lineOf(event, progress);
        if (line !== null) note(line);
      },
      end() {},
    };
  let now: () => SweepProgress | undefined = () => undefined;
  const ink = color ? colors() : noInk;
  const block = liveBlock(options, (columns) => {
    const progress = now();
    return progress ? sweepLines(progress, columns, ink) : [];
  });
  return {
    event(event, progress) {
      now = progress;
      const line = event.type === "point-failed" ? lineOf(event, progress) : null;
      if (line !== null) block.note(line);
      block.changed();
    },
    end: block.end,
  };
}

function lineOf(event: SweepEvent, progress: () => SweepProgress): string | null {
  if (event.type === "point-ended") return pointLine(event.point, progress());
  if (event.type === "point-failed") return `${event.failure.name} failed: ${event.failure.message}`;
  return null;
}
