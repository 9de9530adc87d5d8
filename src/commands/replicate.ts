// `mulab replicate`: grows several copies of a run by the same segment, each with its own seed, and prints how much the
// results vary.

import { mean, sampleStd } from "../analysis/stats.js";
import type { Summary } from "../analysis/summary.js";
import { formatPercent } from "../format/numbers.js";
import { textTable } from "../format/terminal-table.js";
import { readRun } from "../run/record.js";
import { replicasOf, replicate } from "../run/replicate.js";
import { evolveShown } from "./evolve-shown.js";
import { linesOf, printJson, widthOf } from "./output.js";
import { type SegmentOptions, segmentOf } from "./segment.js";

interface ReplicateCommandOptions extends SegmentOptions {
  readonly copies: number;
  readonly out: string;
}

export async function replicateCommand(dir: string, options: ReplicateCommandOptions): Promise<void> {
  const record = await readRun(dir);
  const replicas = replicasOf(record, options.out, options.copies, options.seed);
  const segment = await segmentOf(record, options);
  const tasks = segment.tasks.map((task) => (typeof task === "string" ? task : task.name));
  const summaries: Summary[] = [];
  for (const replica of replicas) {
    const { isStopped, summary } = await evolveShown(replica.dir, options, (opened) =>
      replicate(dir, replica, segment, {
        ...opened,
        tasks: segment.tasks.filter((task) => typeof task !== "string"),
      }),
    );
    if (isStopped) return;
    summaries.push(summary);
  }
  const rows = tasks.map((task) => {
    const tested = summaries.map(
      (summary) => summary.tasks.find((result) => result.task === task)?.testAccuracy ?? Number.NaN,
    );
    return { task, mean: mean(tested), std: sampleStd(tested), tested };
  });
  const text = textTable(
    ["test accuracy", "mean", "±", ...replicas.map(({ seed }) => `seed ${seed}`)],
    rows.map(({ task, mean, std, tested }) => [
      task,
      ...[mean, std, ...tested].map((share) => formatPercent(share)),
    ]),
    undefined,
    widthOf(linesOf(options)),
  );
  linesOf(options).write(
    `\n${text}\n\n± is the standard deviation over ${replicas.length} replicas. Continue one of them with \`mulab extend ${replicas[0]!.dir} …\`.\n`,
  );
  printJson(options, {
    dir,
    replicas: replicas.map((replica, i) => ({ ...replica, digest: summaries[i]!.digest })),
    tasks: rows,
  });
}
