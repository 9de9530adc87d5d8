// `mulab fork`: starts a new run from the present or an earlier state of another.

import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { parseBoundary } from "../run/boundary.js";
import { fork } from "../run/fork.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface ForkCommandOptions extends JsonOption, Partial<EngineOptions> {
  readonly out: string;
  readonly generations?: number;
  readonly at?: string;
  /** Whether to train layers again that are gone. */
  readonly train?: boolean;
}

export async function forkCommand(dir: string, options: ForkCommandOptions): Promise<void> {
  const { out, generations, at, train } = options;
  const stream = linesOf(options);
  const forked = await fork(dir, out, {
    ...(generations !== undefined && { generations }),
    ...(at !== undefined && { at: parseBoundary(at) }),
    ...(train && {
      trainsAgain: {
        ...engineOf(options),
        onLayer: (done: number, total: number) => stream.write(`${done} of ${total} layers made again\n`),
      },
    }),
  });
  const again = forked.trained > 0 ? `, ${plural(forked.trained, "layer")} trained again` : "";
  stream.write(
    said`${out}: ${plural(forked.generations, "generation")} of ${dir}, sharing ${plural(forked.layers - forked.trained, "layer")}${again}. \`mulab resume ${out}\` continues it.\n`,
  );
  printJson(options, forked);
}
