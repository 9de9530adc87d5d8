// A run that evolves while a person watches: what happens line by line, then its results and where they are. The same for
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
import { linesOf, summaryOfRun } from "./output.js";

export interface Evolved {
  readonly isStopped: boolean;
  readonly summary: ReturnType<typeof summaryOfRun>;
}

/** Evolves what `start` opens in `dir` to its end; an interrupt stops it. The results as they are then; throws as `start` and the run do. */
export async function evolveShown(
  dir: string,
  options: EngineOptions,
  start: (options: OpenOptions) => Promise<Run>,
): Promise<Evolved> {
  const stream = linesOf(options);
  // What happens while it is opened, such as continuing after a number of children, is shown once its experiment is known.
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
  stream.write(`\n${resultTable(summary)}\n\nReport: ${relative(".", file)}\n`);
  return { isStopped: false, summary };
}
