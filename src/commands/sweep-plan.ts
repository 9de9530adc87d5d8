// Prints the plan of a sweep before it starts, and asks whether to start it.

import { differentPlan } from "../core/errors/index.js";
import { defaultThreads } from "../engine/limits.js";
import { formatCount, formatDuration, plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { planDifference } from "../sweep/difference.js";
import { forecastOf, secondsLeft } from "../sweep/forecast.js";
import { chosenPoints, planSweep } from "../sweep/plan.js";
import { isSweep } from "../sweep/read.js";
import { hasPoint } from "../sweep/running.js";
import type { LoadTasks } from "../sweep/shared-tasks.js";
import { readSweep, type SweepRequest } from "../sweep/sweep.js";
import { countsOf, trainCounts } from "../sweep/work.js";
import { type PlanRow, planRows, planTable } from "../terminal/sweep-table.js";
import { ask } from "./ask.js";
import { linesOf, widthOf } from "./output.js";
import type { ResumeOptions } from "./run.js";

export interface RunningOptions extends ResumeOptions {
  readonly only?: readonly string[];
  readonly keepRuns?: "yes" | "no";
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Prints what will be run and about how long it will take. Throws where the folder holds another plan, or data is missing. */
export async function tellPlan(
  dir: string,
  request: SweepRequest | undefined,
  options: RunningOptions,
  load: LoadTasks,
): Promise<{ left: number; json: object }> {
  const stream = linesOf(options);
  const there = (await isSweep(dir)) ? await readSweep(dir) : undefined;
  const asked = request && planSweep(request);
  const difference = there && asked && planDifference(asked, there.plan);
  if (difference) throw differentPlan(dir, difference);
  const plan = there?.plan ?? asked!;
  const chosen = chosenPoints(plan, options.only);
  const points = there?.points ?? [];
  const next = chosen.find((point) => !hasPoint({ points }, point));
  // A sweep that has ended records what it was trained on; its images may be elsewhere by now.
  const counts = next ? trainCounts(await load(next.experiment)) : countsOf(points);
  const forecast = forecastOf(chosen, points, counts, options.threads ?? defaultThreads());
  const rows = planRows(plan, forecast, points);
  const left = secondsLeft(forecast, points);
  const done = chosen.filter((point) => hasPoint({ points }, point)).length;
  const { title, seed } = plan;
  const { budget, tasks } = plan.variants[0]!.experiment;
  stream.write(
    said`${title}, ${budget} budget, seed ${seed}: ${tasks.map(({ name }) => name).join(", ")}\n\n`,
  );
  stream.write(`${planTable(rows, widthOf(stream))}\n\n`);
  const examples = forecast.reduce((sum, { work }) => sum + work.examples, 0);
  stream.write(
    `${plural(chosen.length, "run")}${done > 0 ? ` (${done} done)` : ""}, ${formatCount(examples)} training examples; about ${formatDuration(left)} to go, in ${dir}\n`,
  );
  return { left, json: planJson(dir, rows, { runs: chosen.length, done, examples, seconds: left }) };
}

const planJson = (dir: string, variants: readonly PlanRow[], totals: object): object => ({
  dir,
  ...totals,
  variants,
});

/** Asks if there is a person to ask and work to wait for. */
export async function isWanted(
  { yes }: RunningOptions,
  seconds: number,
  stream: NodeJS.WriteStream,
): Promise<"yes" | "no" | "interrupted"> {
  if (yes || seconds === 0 || !process.stdin.isTTY || !stream.isTTY) return "yes";
  const answer = await ask("Start? [Y/n] ", process.stdin, stream);
  if (answer !== null && !/^\s*n/i.test(answer)) return "yes";
  stream.write(answer === null ? "\nNot started.\n" : "Not started.\n");
  return answer === null ? "interrupted" : "no";
}
