// Shows the download or drawing of data: a bar on a terminal, one line per task elsewhere.

import type { TaskProgress } from "../data/tasks.js";
import { plainText } from "../format/plain.js";
import { isLive, redrawing } from "../terminal/live-block.js";

const WIDTH = 24;

/** A bar and a percentage: "█████░░░░ 52 %". */
export function bar(done: number, total: number, width = WIDTH): string {
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const full = Math.round(share * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)} ${Math.round(100 * share)} %`;
}

const sizeOf = ({ doing, total }: TaskProgress): string =>
  doing === "downloading" ? `${(total / 1000).toFixed(0)} kB` : `${total} images`;

export interface DataProgress {
  show(progress: TaskProgress): void;
  /** Writes a line that stays. */
  note(line: string): void;
  end(): void;
}

export function dataProgress(stream: NodeJS.WriteStream): DataProgress {
  const live = isLive(stream.isTTY) ? redrawing(stream) : undefined;
  let task = "";
  return {
    show(progress) {
      const line = plainText(`${progress.doing} ${progress.task} (${sizeOf(progress)})`);
      if (live) live(`${line}  ${bar(progress.done, progress.total)}`);
      else if (progress.task !== task) stream.write(`${line}\n`);
      task = progress.task;
    },
    note(line) {
      live?.clear();
      stream.write(`${line}\n`);
    },
    end: () => live?.clear(),
  };
}
