// `mulab sweep`: plans, counts and forecasts the whole sweep before it starts, then runs it while a person watches.

import { join } from "node:path";
import type { Command } from "commander";
import { planIsStored, usage } from "../core/errors/index.js";
import { loadTasks } from "../data/tasks.js";
import { isFolder } from "../disk/listing.js";
import { deviceOf } from "../engine/devices.js";
import { EXPERIMENTS } from "../experiments/index.js";
import { plural } from "../format/numbers.js";
import { said } from "../format/plain.js";
import { taskOptions } from "../run/open.js";
import { checkSweepFolder } from "../sweep/folder.js";
import { isSweep, readPlan } from "../sweep/read.js";
import { sharing } from "../sweep/shared-tasks.js";
import { exportSweep, readSweep, type SweepRequest, type SweepRun, sweep } from "../sweep/sweep.js";
import { createSweepDisplay } from "../terminal/sweep-display.js";
import { sweepTable } from "../terminal/sweep-table.js";
import { type ClaimPlanOptions, refuseLonePilot, tellClaimPlan } from "./claim-plan.js";
import { dataProgress } from "./data-progress.js";
import { engineOf } from "./engine-options.js";
import { interruptible } from "./interruptible.js";
import { loadAgain, moved, refuseUnknownImages } from "./moved-images.js";
import { linesOf, printJson, variantsJson, widthOf } from "./output.js";
import { isWanted, type RunningOptions, tellPlan } from "./sweep-plan.js";
import { type SweepWords, sweepRequest } from "./sweep-request.js";

interface SweepCommandOptions extends RunningOptions, SweepWords, ClaimPlanOptions {
  readonly out?: string;
  readonly export?: string;
  readonly threads?: number;
  readonly dryRun?: boolean;
}

/** Options that make a plan; they mean nothing where a plan is stored. */
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
  if (isNew && !Object.hasOwn(EXPERIMENTS, what) && (await isFolder(what))) await readPlan(what); // throws if it holds none
  if (!isNew) refuse(command, stored === undefined ? PLAN_OPTIONS : [...PLAN_OPTIONS, "out"], dir);
  if (options.export !== undefined) {
    await exportSweep(await readSweep(dir), options.export);
    stream.write(`Sweep: ${options.export}\n`);
    printJson(options, { dir, file: options.export });
    return;
  }
  if (what === undefined && !(await isSweep(dir)))
    throw usage(`${dir} has no sweep to continue; name the experiment to start one.`);
  refuseLonePilot(options);
  // Before data is fetched and a root is trained:
  deviceOf(options.engine, options.device);
  const runs = !options.dryRun && !options.planClaims;
  if (runs) await checkSweepFolder(dir);
  // Nothing that only plans pretrains a root.
  const request = isNew ? await sweepRequest(what, { ...options, dryRun: !runs }, stream) : undefined;
  await sweepIn(dir, request, options);
}

/** Throws options/usage where one of the options `names` was given: the sweep in `dir` would ignore it. */
function refuse(command: Command, names: readonly string[], dir: string): void {
  const given = names.filter((name) => command.getOptionValueSource(name) === "cli");
  if (given.length > 0) throw planIsStored(dir, given.map(flagOf).join(", "));
}

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export async function sweepIn(
  dir: string,
  request: SweepRequest | undefined,
  options: RunningOptions & ClaimPlanOptions,
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
  if (options.planClaims) return tellClaimPlan(dir, request, options, load);
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

function tellEnd(running: SweepRun, options: RunningOptions): void {
  const { dir, points, failures, status, chosen, progress } = running;
  const stream = linesOf(options);
  if (points.length > 0) stream.write(`\n${sweepTable(points, widthOf(stream))}\n`);
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
