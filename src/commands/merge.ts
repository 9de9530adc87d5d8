// `mulab merge`: two runs of one root become one.

import type { Side } from "../core/event.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { type Merged, merge } from "../run/merge.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface MergeCommandOptions extends JsonOption {
  readonly out: string;
  readonly prefer?: Side;
}

export async function mergeCommand(
  first: string,
  second: string,
  { out, prefer, ...options }: MergeCommandOptions,
): Promise<void> {
  const merged = await merge(first, second, out, { ...(prefer && { prefer }) });
  linesOf(options).write(`${mergedText(merged, first, second)}\n`);
  printJson(options, merged);
}

/** What a merge made, in a few sentences. */
export function mergedText(
  { dir, digest, common, added, replaced, layers, shared }: Merged,
  first: string,
  second: string,
): string {
  const past =
    common === 1 ? "they have the root in common" : `they have ${plural(common, "model")} in common`;
  const tasks = added.length > 0 ? `${second} adds ${added.join(", ")}` : `${second} adds no task`;
  const instead = replaced.length > 0 ? ` Its models count for ${replaced.join(", ")}.` : "";
  return [
    said`${dir}: ${first} and ${second} as one system; ${past}, and ${shared} of ${plural(layers, "layer")}. ${tasks}.${instead}`,
    said`\`mulab verify ${dir}\` proves both; \`mulab extend ${dir} …\` continues it.`,
    `digest ${digest}`,
  ].join("\n");
}
