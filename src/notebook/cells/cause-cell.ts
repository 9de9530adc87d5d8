// `%cause TASK DONOR RUN [PAIRS]`: what accuracy of a task a donor task caused, as a chart with the numbers below it.

import { cause } from "../../cause/cause.js";
import { causeSeconds, planCause } from "../../cause/plan.js";
import { usage } from "../../core/errors/index.js";
import { causeChart, causeSentence, causeTable } from "../../figures/cause.js";
import { formatForecast } from "../../format/numbers.js";
import { textTable } from "../../format/terminal-table.js";
import { readRun } from "../../run/record.js";
import type { Call } from "./call.js";
import { folderOf } from "./show.js";

export async function causeLine({ args, signal }: Pick<Call, "args" | "signal">): Promise<unknown> {
  const [task, without, name, pairs = "3", ...more] = args.split(/\s+/).filter(Boolean);
  if (
    task === undefined ||
    without === undefined ||
    name === undefined ||
    more.length > 0 ||
    !/^\d+$/.test(pairs)
  )
    throw usage(
      "Name a task, the donor to leave out and a run that has ended, as in %cause glyphs/lao glyphs/khmer first; a number after them says how many pairs of runs (3).",
    );
  const dir = folderOf(name);
  const asked = { task, without, replicas: Number(pairs) };
  const run = await readRun(dir);
  const seconds = causeSeconds(run, planCause(run, asked));
  if (seconds)
    console.log(`About ${formatForecast(asked.replicas * (seconds.with + seconds.without))} in all.`);
  const result = await cause(dir, {
    ...asked,
    signal,
    onStep: ({ index, arm, seed }, of) =>
      console.log(`Run ${index + 1} of ${of}: ${task} ${arm} ${without}, seed ${seed}`),
  });
  const { head, rows } = causeTable(result);
  console.log(`\n${textTable(head, rows)}\n\n${causeSentence(result)}`);
  return causeChart(result).spec("light");
}
