// Repeats a segment with a donor task and without it, and compares. The folder beside the run holds cause.json (the plan),
// past (the run before the segment), with-1, without-1 … (the runs) and result.json. The runs say for themselves how far they
// are, so what was killed continues where it was; the run itself is only read.

import { join } from "node:path";
import { armOf, type CausePair, type CauseResult, causeOf } from "../analysis/cause.js";
import { damagedCause, folderNotEmpty, otherCause } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import { segmentStarts } from "../core/segments.js";
import { standingTasks } from "../core/state.js";
import { makeFolder, writeAtomically } from "../disk/atomic.js";
import { isFile, namesIn } from "../disk/listing.js";
import { readRegular } from "../disk/regular.js";
import { canonicalJson } from "../run/digest.js";
import { extend } from "../run/extend.js";
import { forget } from "../run/forget.js";
import { fork } from "../run/fork.js";
import { RUN_FILE } from "../run/header.js";
import { type OpenOptions, open, type Run, refuseBusy } from "../run/open.js";
import { type RunRecord, readRun } from "../run/record.js";
import { type AgainOptions, taskAgain } from "../run/task-again.js";
import { type CauseOptions, type CausePlan, planCause } from "./plan.js";

export const CAUSE_FILE = "cause.json";
export const RESULT_FILE = "result.json";
const FORMAT = 1;

/** A run of a comparison that has something to do. */
export interface CauseStep {
  /** From 0, over all runs; pairs come one after another. */
  readonly index: number;
  readonly arm: "with" | "without";
  readonly seed: number;
  readonly dir: string;
  /** Begins or continues it. Throws as `fork`, `forget`, `extend` and `open`. */
  readonly start: (options: OpenOptions) => Promise<Run>;
}

/** The folder for a comparison: beside the run, named after both tasks. */
export const causeDir = (dir: string, { task, without }: Pick<CausePlan, "task" | "without">): string =>
  join(`${dir.replace(/[\\/]+$/, "")}-cause`, `${plain(task)}-without-${plain(without)}`);

const plain = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, "-");

/** The plan in `out`, which is made if the folder is new. Throws cause/other, cause/damaged, run/folder-not-empty, store/…. */
export async function openCause(out: string, asked: CausePlan): Promise<void> {
  const path = join(out, CAUSE_FILE);
  const text = `${JSON.stringify({ format: FORMAT, plan: asked }, null, 2)}\n`;
  if (!(await isFile(path))) {
    if ((await namesIn(out)).length > 0) throw folderNotEmpty(out, "comparison");
    await makeFolder(out);
    await writeAtomically(path, new TextEncoder().encode(text));
    return;
  }
  let stored: { readonly format?: unknown; readonly plan?: unknown };
  try {
    stored = JSON.parse(new TextDecoder().decode(await readRegular(path)));
  } catch (error) {
    throw damagedCause(path, (error as Error).message);
  }
  if (canonicalJson(stored) !== canonicalJson(JSON.parse(text))) throw otherCause(out);
}

/** The runs that are left of the comparison `plan` of `run` in the folder `out`, each of which must have ended before the next is asked for. */
export async function* causeSteps(
  run: RunRecord,
  plan: CausePlan,
  out: string,
  again: AgainOptions = {},
): AsyncGenerator<CauseStep, void> {
  for (const [i, seed] of plan.seeds.entries())
    for (const [j, arm] of (["with", "without"] as const).entries()) {
      const dir = armDir(out, arm, i);
      const record = (await isFile(join(dir, RUN_FILE))) ? await readRun(dir) : null;
      if (record?.state.ended && (plan.segment === 1 || grownBy(record, plan))) continue;
      const start = (options: OpenOptions): Promise<Run> =>
        plan.segment === 1
          ? open(dir, firstSegment(run, plan, arm, seed), options)
          : laterSegment(run, plan, { arm, seed, dir, out }, options, again);
      yield { index: 2 * i + j, arm, seed, dir, start };
    }
}

const armDir = (out: string, arm: CauseStep["arm"], i: number): string => join(out, `${arm}-${i + 1}`);

/** Whether a copy has begun the segment. */
const grownBy = ({ events }: RunRecord, { segment }: CausePlan): boolean =>
  segmentStarts(events).length >= segment - 1;

const tasksOf = (plan: CausePlan, arm: CauseStep["arm"]) => (arm === "with" ? plan.with : plan.rest);

/** The first segment again: the experiment under another seed, with those tasks. */
function firstSegment(
  { experiment }: RunRecord,
  plan: CausePlan,
  arm: CauseStep["arm"],
  seed: number,
): Experiment {
  const names = tasksOf(plan, arm);
  return { ...experiment, seed, tasks: experiment.tasks.filter(({ name }) => names.includes(name)) };
}

async function laterSegment(
  run: RunRecord,
  plan: CausePlan,
  { arm, seed, dir, out }: Pick<CauseStep, "arm" | "seed" | "dir"> & { readonly out: string },
  options: OpenOptions,
  again: AgainOptions,
): Promise<Run> {
  const past = join(out, "past");
  const { engine, threads, maxBytes, trainer, tasks: given = [] } = options;
  if (!(await isFile(join(past, RUN_FILE))))
    await fork(run.dir, past, {
      at: { segment: plan.segment - 1 },
      trainsAgain: {
        ...again,
        ...(engine && { engine }),
        ...(threads !== undefined && { threads }),
        ...(maxBytes !== undefined && { maxBytes }),
        ...(trainer && { trainer }),
        ...(given.length > 0 && { tasks: given }),
      },
    });
  if (!(await isFile(join(dir, RUN_FILE)))) await fork(past, dir);
  if (grownBy(await readRun(dir), plan)) return open(dir, undefined, options);
  if (arm === "without") {
    const { state } = await readRun(dir);
    const known = state.tasks.map(({ name }) => name);
    // Also where it is forgotten already: a removal may have been cut short.
    for (const name of [plan.without, ...plan.also]) if (known.includes(name)) await forget(dir, name);
  }
  const { state } = await readRun(dir);
  const there = new Set(standingTasks(state).map(({ name }) => name));
  const loading = { ...again, tasks: given };
  const tasks = [];
  for (const name of tasksOf(plan, arm))
    tasks.push(there.has(name) ? name : await taskAgain(run, name, loading));
  const { title, iterations, settings } = plan;
  const segment = { ...(title !== null && { title }), tasks, iterations, settings: { ...settings, seed } };
  return extend(dir, segment, options);
}

/** What the runs in `out` came to; only whole pairs count. */
export async function readCause(run: RunRecord, plan: CausePlan, out: string): Promise<CauseResult> {
  const pairs: CausePair[] = [];
  for (const [i, seed] of plan.seeds.entries()) {
    const [one, other] = await Promise.all(
      (["with", "without"] as const).map(async (arm) => {
        const dir = armDir(out, arm, i);
        const record = (await isFile(join(dir, RUN_FILE))) ? await readRun(dir) : null;
        return record?.state.ended && (plan.segment === 1 || grownBy(record, plan)) ? record : null;
      }),
    );
    if (one && other)
      pairs.push({
        seed,
        with: armOf(one, plan.task, plan.without),
        without: armOf(other, plan.task, plan.without),
      });
  }
  const { task, without, also } = plan;
  return causeOf({ task, without, also, shareInRun: armOf(run, task, without).share }, pairs);
}

/** Stores the result beside the runs; the same runs make the same bytes. */
export async function writeResult(out: string, plan: CausePlan, result: CauseResult): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, plan, result }, null, 2)}\n`;
  await writeAtomically(join(out, RESULT_FILE), new TextEncoder().encode(text));
}

export interface CauseRunOptions extends CauseOptions {
  /** The folder for its runs; default: beside the run. */
  readonly out?: string;
  /** Tasks that a program passed, and how runs are trained. */
  readonly open?: OpenOptions;
  /** Receives each run before it begins or continues, and how many there are. */
  readonly onStep?: (step: CauseStep, of: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * What accuracy of `task` the donor task `without` caused in the run in `dir`, which must have ended: repeats the segment that
 * brought the task, with the donor and without it, in pairs of one seed. The run does not change; what was interrupted
 * continues when it is called again. Throws run/busy, task/unknown, cause/…, and as evolving a run.
 */
export async function cause(dir: string, options: CauseRunOptions): Promise<CauseResult> {
  const { open: opened = {}, onStep, signal } = options;
  const run = await readRun(dir);
  refuseBusy(dir, run.state);
  const plan = planCause(run, options);
  const out = options.out ?? causeDir(dir, plan);
  await openCause(out, plan);
  const again = {
    ...(opened.tasks && { tasks: opened.tasks }),
    ...(opened.images && { images: opened.images }),
  };
  for await (const step of causeSteps(run, plan, out, again)) {
    signal?.throwIfAborted();
    onStep?.(step, 2 * plan.seeds.length);
    const evolving = await step.start(opened);
    const stop = () => void evolving.stop();
    signal?.addEventListener("abort", stop, { once: true });
    await evolving.done().finally(() => signal?.removeEventListener("abort", stop));
    signal?.throwIfAborted();
  }
  const result = await readCause(run, plan, out);
  await writeResult(out, plan, result);
  return result;
}
