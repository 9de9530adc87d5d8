// `mulab runs`: the runs and sweeps below a folder, the latest first.

import { listingView } from "../analysis/run-listing.js";
import { isFolder } from "../disk/listing.js";
import { said } from "../format/plain.js";
import { plainTable } from "../format/table-text.js";
import { listRuns, RUNS_FOLDER } from "../sweep/list-runs.js";
import { type JsonOption, linesOf, printJson, widthOf } from "./output.js";

interface RunsOptions extends JsonOption {
  readonly points?: boolean;
}

export async function runsCommand(dir: string | undefined, options: RunsOptions): Promise<void> {
  const stream = linesOf(options);
  const folder = dir ?? RUNS_FOLDER;
  // Without a named folder, having no runs yet is an answer, not an error.
  const isEmpty = dir === undefined && !(await isFolder(folder));
  const listings = isEmpty ? [] : await listRuns(folder, { points: options.points ?? false });
  if (listings.length === 0)
    stream.write(
      said`No runs in ${folder}. \`mulab run preliminary\` makes the first; \`mulab runs DIR\` looks elsewhere.\n`,
    );
  else stream.write(`${plainTable(listingView(listings), widthOf(stream))}\n`);
  printJson(options, listings);
}
