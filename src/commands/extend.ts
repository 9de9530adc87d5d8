// `mulab extend`: adds a segment to a run that has ended: new tasks, old ones again, other settings from then on.

import { extend } from "../run/extend.js";
import { readRun } from "../run/record.js";
import { evolveShown } from "./evolve-shown.js";
import { printJson } from "./output.js";
import { type SegmentOptions, segmentOf } from "./segment.js";

interface ExtendCommandOptions extends SegmentOptions {
  readonly images?: Readonly<Record<string, string>>;
}

export async function extendCommand(dir: string, options: ExtendCommandOptions): Promise<void> {
  const { images } = options;
  const segment = await segmentOf(await readRun(dir), options);
  const { summary } = await evolveShown(dir, options, (opened) =>
    extend(dir, segment, { ...opened, ...(images && { images }) }),
  );
  printJson(options, summary);
}
