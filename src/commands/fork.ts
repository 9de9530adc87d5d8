// `mulab fork`: starts a new run from the present or an earlier state of another.

import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { parseBoundary } from "../run/boundary.js";
import { fork } from "../run/fork.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface ForkCommandOptions extends JsonOption {
  readonly out: string;
  readonly generations?: number;
  readonly at?: string;
}

export async function forkCommand(dir: string, options: ForkCommandOptions): Promise<void> {
  const { out, generations, at } = options;
  const forked = await fork(dir, out, {
    ...(generations !== undefined && { generations }),
    ...(at !== undefined && { at: parseBoundary(at) }),
  });
  linesOf(options).write(
    said`${out}: ${plural(forked.generations, "generation")} of ${dir}, sharing ${plural(forked.layers, "layer")}. \`mulab resume ${out}\` continues it.\n`,
  );
  printJson(options, forked);
}
