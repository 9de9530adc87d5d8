// `mulab repair`: makes a new run from what can be proved of a damaged one.

import { plural } from "../format/numbers.js";
import { repair } from "../run/repair.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface RepairCommandOptions extends JsonOption {
  readonly out: string;
}

export async function repairCommand(dir: string, options: RepairCommandOptions): Promise<void> {
  const { out } = options;
  const repaired = await repair(dir, out);
  const { events, found, generations, foundGenerations, layers, lost } = repaired;
  const stream = linesOf(options);
  if (lost.length === 0 && events === found) stream.write(`${dir} is sound; ${out} is a copy of it.\n`);
  for (const loss of lost) stream.write(`✗ ${loss}\n`);
  stream.write(
    `${out}: ${events} of ${plural(found, "sound event")}, ${generations} of ${plural(foundGenerations, "generation")}, ${plural(layers, "layer")}; all of it is proved. \`mulab resume ${out}\` continues from there; ${dir} is unchanged.\n`,
  );
  printJson(options, repaired);
}
