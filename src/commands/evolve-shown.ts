// Evolves a run while a person watches: prints what happens line by line, then the results and where they are. Shared by
// `mulab run`, `mulab resume` and `mulab extend`.

import { join, relative } from "node:path";
import { replaceFile } from "../disk/replace.js";
import { plural } from "../format/numbers.js";
import { REPORT_KIND } from "../report/page.js";
import { report } from "../report/report.js";
import { readRun as readFolder } from "../run/folder.js";
import type { Listener, OpenOptions, Run } from "../run/open.js";
import { readRun } from "../run/record.js";
import { createDisplay, resultTable } from "../terminal/terminal.js";
import { type EngineOptions, engineOf } from "./engine-options.js";
import { interruptible } from "./interruptible.js";
import { linesOf, summaryOfRun, widthOf } from "./output.js";

export interface Evolved {
  readonly isStopped: boolean;
  readonly summary: ReturnType<typeof summaryOfRun>;
}

/** Evolves the run that `start` opens in `dir` until it ends or is interrupted, and returns the results at that moment. Throws as `start` and the run do. */
export async function evolveShown(
  dir: string,
  options: EngineOptions,
  start: (options: OpenOptions) => Promise<Run>,
): Promise<Evolved> {
  const stream = linesOf(options);
  // Events that arrive while the run is being opened (it continues after so many children) are shown once its experiment is
  // known.
  const before: Parameters<Listener>[] = [];
  let show: Listener = (...received) => void before.push(received);
  const run = await start({ ...engineOf(options), onEvent: (event, state) => show(event, state) });
  const display = createDisplay({ stream, experiment: run.experiment });
  display.note(
    `${run.experiment.title}, seed ${run.experiment.seed}, ${run.experiment.budget} budget, in ${dir}`,
  );
  const begun = (await readFolder(dir)).header.threads ?? run.threads;
  if (begun !== run.threads)
    display.note(
      `on ${plural(run.threads, "thread")}, though it began on ${begun}: above two, the last bits of results depend on their number`,
    );
  show = display.event;
  for (const received of before) display.event(...received);

  await interruptible(
    () => void run.stop(),
    () => run.done(),
  ).finally(display.end);
  if (run.status === "stopped") {
    stream.write(
      `Stopped. Everything up to the generation in flight is kept: continue with \`mulab resume ${dir}\`.\n`,
    );
    process.exitCode = 130;
    return { isStopped: true, summary: summaryOfRun(await readRun(dir)) };
  }
  const record = await readRun(dir);
  const summary = summaryOfRun(record);
  const file = join(dir, "report.html");
  await replaceFile(file, await report(record), REPORT_KIND);
  stream.write(`\n${resultTable(summary, widthOf(stream))}\n\nReport: ${relative(".", file)}\n`);
  return { isStopped: false, summary };
}
