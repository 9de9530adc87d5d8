// `mulab sweep`: the whole sweep planned, counted and forecast before it starts, then run while a person watches.

import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { SweepPoint } from "../analysis/point.js";
import { methodRows } from "../analysis/sweep/methods.js";
import { differentPlan, imagesGone, planIsStored, unknownName, usage } from "../core/errors.js";
import type { TaskSpec } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Task } from "../core/task.js";
import { variantName } from "../core/variant.js";
import { checkSpecs, type LoadOptions, loadTask, loadTasks } from "../data/tasks.js";
import { isFolder } from "../disk/listing.js";
import { deviceOf } from "../engine/devices.js";
import { defaultThreads } from "../engine/limits.js";
import { EXPERIMENTS } from "../experiments/index.js";
import { formatCount, formatDuration, plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { taskOptions } from "../run/open.js";
import { planDifference } from "../sweep/difference.js";
import { checkSweepFolder } from "../sweep/folder.js";
import { forecastOf, secondsLeft } from "../sweep/forecast.js";
import { chosenPoints, planSweep } from "../sweep/plan.js";
import { isSweep, readPlan } from "../sweep/read.js";
import { hasPoint } from "../sweep/running.js";
import { type LoadTasks, sharing } from "../sweep/shared-tasks.js";
import { exportSweep, readSweep, type SweepRequest, type SweepRun, sweep } from "../sweep/sweep.js";
import { countsOf, trainCounts } from "../sweep/work.js";
import { createSweepDisplay } from "../terminal/sweep-display.js";
import { type PlanRow, planRows, planTable, sweepTable } from "../terminal/sweep-table.js";
import { ask } from "./ask.js";
import { dataProgress } from "./data-progress.js";
import { engineOf } from "./engine-options.js";
import { interruptible } from "./interruptible.js";
import { splitName } from "./model-at.js";
import { type JsonOption, linesOf, printJson } from "./output.js";
import { type ResumeOptions, resumeCommand } from "./run.js";
import { showCommand, showModel } from "./show.js";
import { type SweepWords, sweepRequest } from "./sweep-request.js";

interface RunningOptions extends ResumeOptions {
  readonly only?: readonly string[];
  readonly keepRuns?: "yes" | "no";
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

interface SweepCommandOptions extends RunningOptions, SweepWords {
  readonly out?: string;
  readonly export?: string;
  readonly threads?: number;
  readonly dryRun?: boolean;
}

/** What decides a plan, so that it means nothing for one that is stored. */
const PLAN_OPTIONS = [
  "scaleFactors",
  "repetitions",
  "ablate",
  "ablateAt",
  "baselines",
  "budget",
  "seed",
  "tasks",
  "root",
  "set",
] as const;

export async function sweepCommand(
  what: string | undefined,
  options: SweepCommandOptions,
  command: Command,
): Promise<void> {
  const stream = linesOf(options);
  const stored = what !== undefined && (await isSweep(what)) ? what : undefined;
  const dir = stored ?? options.out ?? (what && join("runs", `sweep-${what}-${options.budget}`));
  if (dir === undefined)
    throw usage("Name an experiment (`mulab experiments` lists them) or the folder of a sweep.");
  const isNew = stored === undefined && what !== undefined;
  if (isNew && !Object.hasOwn(EXPERIMENTS, what) && (await isFolder(what))) await readPlan(what); // throws: it holds none
  if (!isNew) refuse(command, stored === undefined ? PLAN_OPTIONS : [...PLAN_OPTIONS, "out"], dir);
  if (options.export !== undefined) {
    await exportSweep(await readSweep(dir), options.export);
    stream.write(`Sweep: ${options.export}\n`);
    printJson(options, { dir, file: options.export });
    return;
  }
  if (what === undefined && !(await isSweep(dir)))
    throw usage(`${dir} holds no sweep to continue; name the experiment to start one.`);
  // Before data is fetched and a root is trained:
  deviceOf(options.engine, options.device);
  if (!options.dryRun) await checkSweepFolder(dir);
  await sweepIn(dir, isNew ? await sweepRequest(what, options, stream) : undefined, options);
}

/** Throws options/usage where one of the options `names` was given: the sweep in `dir` would ignore it. */
function refuse(command: Command, names: readonly string[], dir: string): void {
  const given = names.filter((name) => command.getOptionValueSource(name) === "cli");
  if (given.length > 0) throw planIsStored(dir, given.map(flagOf).join(", "));
}

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `mulab resume`: a run or a sweep, whichever the folder holds. */
export async function resumeAny(dir: string, options: ResumeOptions): Promise<void> {
  if (await isSweep(dir)) await sweepIn(dir, undefined, { ...options, yes: true });
  else await resumeCommand(dir, options);
}

/** `mulab show`: likewise. */
export async function showAny(dir: string, options: JsonOption): Promise<void> {
  const [run, model] = await splitName(dir);
  if (model !== null) return showModel(run, model, options);
  if (!(await isSweep(dir))) return showCommand(dir, options);
  const { plan, points, failures } = await readSweep(dir);
  const stream = linesOf(options);
  const runs = plan.repetitions * plan.variants.length;
  const status = points.length === runs ? "ended" : `not ended: continue with \`mulab resume ${dir}\``;
  stream.write(
    said`${plan.title}, seed ${plan.seed}: ${points.length} of ${plural(runs, "run")}; ${status}\n`,
  );
  if (points.length > 0) stream.write(`\n${sweepTable(points)}\n`);
  for (const { name, message } of failures) stream.write(said`\n${name} failed: ${message}\n`);
  printJson(options, { dir, runs, done: points.length, variants: variantsJson(points), failures });
}

/** Loads the tasks of a sweep that has begun; where a person's own images are gone it says how to name their new place. */
async function loadAgain(dir: string, specs: readonly TaskSpec[], options: LoadOptions): Promise<Task[]> {
  checkSpecs(specs);
  const tasks: Task[] = [];
  for (const spec of specs)
    tasks.push(
      await loadTask(spec, options).catch((error: unknown) => {
        throw spec.images ? imagesGone(dir, spec.name, spec.images.path, error, "sweep") : error;
      }),
    );
  return tasks;
}

/** Throws where images are said to have moved that the sweep has none of. */
async function refuseUnknownImages(dir: string, tasks: readonly TaskName[]): Promise<void> {
  if (tasks.length === 0) return;
  const { plan } = await readPlan(dir);
  const own = new Set(
    plan.variants.flatMap(({ experiment }) =>
      experiment.tasks.flatMap(({ name, images }) => (images ? [name] : [])),
    ),
  );
  for (const task of tasks)
    if (!own.has(task)) throw unknownName("task", task, [...own], "with images of your own in this sweep");
}

/** The tasks with their own images where they are now. */
const moved = (tasks: readonly TaskSpec[], paths: Readonly<Record<string, string>>): TaskSpec[] =>
  tasks.map((task) => {
    const path = paths[task.name];
    return path !== undefined && task.images
      ? { ...task, images: { ...task.images, path: resolve(path) } }
      : task;
  });

async function sweepIn(
  dir: string,
  request: SweepRequest | undefined,
  options: RunningOptions,
): Promise<void> {
  const stream = linesOf(options);
  const { only, keepRuns, images = {} } = options;
  await refuseUnknownImages(dir, Object.keys(images));
  const shown = dataProgress(stream);
  const load = sharing((of) => {
    const tasks = moved(of.tasks, images);
    const how = { ...taskOptions(of), onProgress: shown.show, onNote: shown.note };
    return (request ? loadTasks(tasks, how) : loadAgain(dir, tasks, how)).finally(shown.end);
  });
  const { left, json } = await tellPlan(dir, request, options, load);
  const wanted = options.dryRun ? "no" : await isWanted(options, left, stream);
  if (wanted !== "yes") {
    if (wanted === "interrupted") process.exitCode = 130;
    printJson(options, json);
    return;
  }
  const display = createSweepDisplay({ stream });
  const running = await sweep(dir, request, {
    ...engineOf(options),
    load,
    keepRuns: keepRuns !== "no",
    ...(only && { only }),
    onEvent: (event, self) => display.event(event, () => self.progress),
  });
  await interruptible(
    () => void running.stop(),
    () => running.done(),
  ).finally(display.end);
  tellEnd(running, options);
}

/** Prints what will be run and how long that takes about. Throws where the folder holds another plan, or data is missing. */
async function tellPlan(
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
  // A sweep that has ended says itself what it was trained on; its images may be elsewhere by now.
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
  stream.write(`${planTable(rows)}\n\n`);
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

/** Asks, where there is a person to ask and something to wait for. */
async function isWanted(
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

function tellEnd(running: SweepRun, options: RunningOptions): void {
  const { dir, points, failures, status, chosen, progress } = running;
  const stream = linesOf(options);
  if (points.length > 0) stream.write(`\n${sweepTable(points)}\n`);
  for (const { name, message } of failures) stream.write(said`\n${name} failed: ${message}\n`);
  if (status === "stopped") {
    stream.write(
      `\nStopped after ${progress.pointsDone} of ${plural(chosen.length, "run")}. Everything up to the generation in flight is kept: continue with \`mulab resume ${dir}\`.\n`,
    );
    process.exitCode = 130;
  } else {
    stream.write(`\nSweep: ${join(dir, "results.json")}\n`);
    if (progress.failed > 0) {
      stream.write(
        `${plural(progress.failed, "run")} failed; \`mulab resume ${dir}\` tries ${progress.failed === 1 ? "it" : "them"} again.\n`,
      );
      process.exitCode = 1;
    }
  }
  printJson(options, {
    dir,
    status,
    runs: chosen.length,
    done: progress.pointsDone,
    variants: variantsJson(points),
    failures,
  });
}

const variantsJson = (points: readonly SweepPoint[]): object[] =>
  methodRows(points).map((row) => ({ ...row, name: variantName(row.variant) }));
