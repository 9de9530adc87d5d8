// `mulab pretrain`: makes a root and says how to use it.

import { relative } from "node:path";
import type { BACKBONES } from "../core/components.js";
import { formatDuration, formatPercent } from "../format/numbers.js";
import { type PretrainOptions, type PretrainProgress, pretrain } from "../pretrain/pretrain.js";
import { isLive, redrawing } from "../terminal/live-block.js";
import { bar, dataProgress } from "./data-progress.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { interruptible } from "./interruptible.js";
import { linesOf, printJson } from "./output.js";

interface PretrainCommandOptions extends EngineOptions {
  readonly task: string;
  readonly blocks: number;
  readonly backbone: keyof typeof BACKBONES;
  readonly imageSize: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly batch: number;
  readonly lr: number;
  readonly seed: number;
  readonly out?: string;
}

export async function pretrainCommand(options: PretrainCommandOptions): Promise<void> {
  const { batch: batchSize, lr: learningRate, memory: _, ...given } = options;
  const stream = linesOf(options);
  const stop = new AbortController();
  const shown = showing(stream);
  const train = () =>
    pretrain({
      ...given,
      ...engineOf(options),
      batchSize,
      learningRate,
      signal: stop.signal,
      ...shown.listeners,
    });
  try {
    const { path, root, provenance } = await interruptible(() => stop.abort(), train).finally(shown.end);
    const { testAccuracy } = provenance as { testAccuracy: number };
    stream.write(
      `${root.origin}: test accuracy ${formatPercent(testAccuracy)}\nRoot: ${relative(".", path)}\nsha256: ${root.sha256}\nUse it: mulab run <experiment> --root ${root.file}\n`,
    );
    printJson(options, { path, root, provenance });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    stream.write("Stopped. Nothing of an unfinished pretraining is kept.\n");
    printJson(options, { ended: false });
    process.exitCode = 130;
  }
}

/** Shows a pretraining: a bar on a terminal, one line per validation elsewhere. */
export function showing(stream: NodeJS.WriteStream): {
  listeners: Required<Pick<PretrainOptions, "onData" | "onNote" | "onProgress">>;
  end: () => void;
} {
  const data = dataProgress(stream);
  const live = isLive(stream.isTTY) ? redrawing(stream) : undefined;
  return {
    listeners: {
      onData: data.show,
      onNote: data.note,
      onProgress: (progress) => {
        data.end();
        if (live) live(`${bar(progress.done, progress.steps)}  ${lineOf(progress)}`);
        else stream.write(`${lineOf(progress)}\n`);
      },
    },
    end: () => {
      data.end();
      live?.clear();
    },
  };
}

const lineOf = ({ done, steps, accuracy, secondsLeft }: PretrainProgress): string =>
  [
    `pretraining: step ${done} of ${steps}`,
    ...(accuracy === null ? [] : [`validation accuracy ${formatPercent(accuracy)}`]),
    ...(secondsLeft === null || done === steps ? [] : [`about ${formatDuration(secondsLeft)} left`]),
  ].join("; ");
