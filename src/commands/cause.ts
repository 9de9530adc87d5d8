// `mulab cause`: what accuracy of a task a donor task caused. Repeats the segment that brought the task, with the donor and
// without it, and compares in pairs of one seed.

import { join } from "node:path";
import type { CauseResult } from "../analysis/cause.js";
import { CAUSE_FILE, causeDir, causeSteps, openCause, readCause, writeResult } from "../cause/cause.js";
import { type CauseOptions, type CausePlan, causeSeconds, planCause } from "../cause/plan.js";
import { replaceFile } from "../disk/replace.js";
import { CAUSE_TITLE, causeChart, causeSentence, causeTable } from "../figures/cause.js";
import { figureKind, fileOf } from "../figures/export.js";
import { formatForecast, plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { textTable } from "../format/terminal-table.js";
import { refuseBusy } from "../run/open.js";
import { type RunRecord, readRun } from "../run/record.js";
import { dataProgress } from "./data-progress.js";
import type { EngineOptions } from "./engine-options.js";
import { evolveShown } from "./evolve-shown.js";
import { linesOf, printJson } from "./output.js";

interface CauseCommandOptions extends EngineOptions, CauseOptions {
  readonly out?: string;
  readonly images?: Readonly<Record<string, string>>;
  /** Whether only to say what would be done, and how long it would take. */
  readonly plan?: boolean;
}

export async function causeCommand(dir: string, options: CauseCommandOptions): Promise<void> {
  const stream = linesOf(options);
  const run = await readRun(dir);
  refuseBusy(dir, run.state);
  const plan = planCause(run, options);
  const out = options.out ?? causeDir(dir, plan);
  const seconds = causeSeconds(run, plan);
  stream.write(`${planText(run, plan, seconds)}\n`);
  if (options.plan) {
    printJson(options, { dir, out, plan, seconds });
    return;
  }
  await openCause(out, plan);
  const shown = dataProgress(stream);
  const { images } = options;
  const again = { ...(images && { images }), onProgress: shown.show };
  const clock = new Remaining(plan, seconds);
  for await (const step of causeSteps(run, plan, out, again)) {
    const what = `${plan.task} ${step.arm} ${plan.without}, seed ${step.seed}`;
    stream.write(
      said`\nRun ${step.index + 1} of ${2 * plan.seeds.length}: ${what}${clock.text(step.index)}\n`,
    );
    const began = performance.now();
    const { isStopped } = await evolveShown(step.dir, options, (opened) =>
      step.start({ ...opened, ...(images && { images }) }).finally(shown.end),
    );
    if (isStopped) {
      stream.write(
        said`The same \`mulab cause ${dir} …\` continues where it was (${join(out, CAUSE_FILE)}).\n`,
      );
      return;
    }
    clock.took(step.arm, (performance.now() - began) / 1000);
  }
  const result = await readCause(run, plan, out);
  await writeResult(out, plan, result);
  await writeFigures(out, result);
  const { head, rows } = causeTable(result);
  stream.write(`\n${textTable(head, rows)}\n\n`);
  stream.write(said`${causeSentence(result)}\n`);
  stream.write(said`${join(out, "cause.svg")}\n`);
  printJson(options, { dir, out, ...result });
}

/** The chart and its rows, beside the runs. */
async function writeFigures(out: string, result: CauseResult): Promise<void> {
  for (const format of ["svg", "csv"] as const) {
    const content = await fileOf(causeChart(result), format, "light", CAUSE_TITLE);
    await replaceFile(join(out, `cause.${format}`), content, figureKind(format, content));
  }
}

/** What will be trained, and about how long it will take. */
function planText(
  { experiment }: RunRecord,
  plan: CausePlan,
  seconds: ReturnType<typeof causeSeconds>,
): string {
  const { without, also, segment, seeds, iterations } = plan;
  const title = segment === 1 ? experiment.title : (plan.title ?? `segment ${segment}`);
  const left = also.length > 0 ? ` and ${also.join(", ")}, which grew from it,` : "";
  const total = seconds && seeds.length * (seconds.with + seconds.without);
  return [
    said`Segment ${segment} (${title}) again, ${plural(seeds.length, "pair")} of runs with seed ${seeds.join(", ")}: with ${without}, and with ${without}${left} left out.`,
    said`With it ${plan.with.join(", ")}; without it ${plan.rest.join(", ")}; ${plural(iterations, "activation")} of each.`,
    total === null
      ? "How long that takes is not known: the run does not say how long it took."
      : said`About ${formatForecast(total)}, as long as the run took for the same.`,
  ].join("\n");
}

/** The time that is left for all runs: as forecast, corrected by the runs that have ended. */
class Remaining {
  #forecast = 0;
  #took = 0;

  constructor(
    readonly plan: CausePlan,
    readonly seconds: ReturnType<typeof causeSeconds>,
  ) {}

  took(arm: "with" | "without", seconds: number): void {
    this.#forecast += this.seconds?.[arm] ?? 0;
    this.#took += seconds;
  }

  text(index: number): string {
    if (!this.seconds) return "";
    const arms = Array.from({ length: 2 * this.plan.seeds.length - index }, (_, i) => (index + i) % 2);
    const left = arms.reduce((sum, arm) => sum + (arm === 0 ? this.seconds!.with : this.seconds!.without), 0);
    const ratio = this.#forecast > 0 ? this.#took / this.#forecast : 1;
    return `; about ${formatForecast(left * ratio)} left for all`;
  }
}
