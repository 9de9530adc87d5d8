// Replays a sample of a run: trains random children of its journal again, and compares every score, every outcome and, by
// their hashes, every byte of their layers. `verify` proves that a journal is consistent; only training proves that its
// numbers are those that training gives. Layers that the run has since removed are trained again too, back to the root's.

import { randomInt } from "node:crypto";
import { MulabError, valueNotValid } from "../../core/errors/index.js";
import type { ModelId, TaskName } from "../../core/model.js";
import { rngFromSeed } from "../../core/rng.js";
import type { Trainer } from "../../core/seams.js";
import type { Task } from "../../core/task.js";
import { deviceOf, type EngineName } from "../../engine/devices.js";
import type { TrainerOptions } from "../../engine/trainer.js";
import { eventsOf, readRun as readFolder } from "../folder.js";
import { RUN_FILE, type RunHeader } from "../header.js";
import { parseExperiment } from "../parse-experiment.js";
import { recordOf } from "../record.js";
import { type AgainOptions, taskAgain } from "../task-again.js";
import { versions } from "../versions.js";
import { countBound, shareBound } from "./bound.js";
import { makersOf, neededBy, type ToldChild, toldChildren } from "./children.js";
import { Rehearsal } from "./rehearsal.js";

export interface ReplayOptions extends AgainOptions, Partial<Pick<TrainerOptions, "threads" | "maxBytes">> {
  /** Children to train again, from 1; all if there are fewer. */
  readonly children: number;
  /** Decides which; by default nobody can foresee it. */
  readonly seed?: number;
  readonly engine?: EngineName;
  /** Replaces the engine's trainer; for tests. */
  readonly trainer?: (options: TrainerOptions) => Trainer;
  /** Receives how many children are done, of all that were drawn. */
  readonly onChild?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Children that can't be trained again, and why. */
export interface NotReplayed {
  readonly task: TaskName;
  readonly children: number;
  readonly why: string;
}

export interface ReplayReport {
  readonly ok: boolean;
  /** Numbers of the children that were trained again, in ascending order. */
  readonly replayed: readonly ModelId[];
  /** Children that could have been drawn. */
  readonly of: number;
  readonly seed: number;
  /** What differs from the journal. */
  readonly failures: readonly string[];
  readonly notReplayed: readonly NotReplayed[];
  /** Ways in which this machine is not the one of the run: what differs may be due to them. */
  readonly elsewhere: readonly string[];
  /** With a confidence of 95 %, fewer than this share of those children are forged. 1 if there were none, or a difference. */
  readonly shareBound: number;
  /** With the same confidence, at most so many of them are. */
  readonly countBound: number;
}

/**
 * Trains random children of the run in `dir` again, from the layers and under the settings that the journal gives, and
 * compares. Changes nothing in the run. Throws options/not-valid, and as readRun and training do.
 */
export async function replayRun(dir: string, options: ReplayOptions): Promise<ReplayReport> {
  const { children: wanted, seed = randomInt(2 ** 47), onChild, signal } = options;
  if (!Number.isSafeInteger(wanted) || wanted < 1)
    throw valueNotValid("The number of children to replay", wanted, "a whole number, at least 1");
  const folder = await readFolder(dir);
  const { header, store } = folder;
  const all = await eventsOf(folder);
  const experiment = parseExperiment(header.experiment, `${dir}/${RUN_FILE}`);
  const run = recordOf(dir, header, experiment, all);
  const told = toldChildren(all, experiment, header.threads);
  const tasks = new Map<TaskName, Task | string>();
  for (const name of new Set(told.map(({ plan }) => plan.task)))
    tasks.set(name, await taskOrWhy(run, name, options));

  const makers = makersOf(told);
  const stored = new Set(await store.list());
  const why = new Map<ModelId, string | null>();
  /** Why a child can't be trained again; null if it can. Children are asked for in the order of their making. */
  const obstacle = (child: ToldChild): string | null => {
    const task = tasks.get(child.plan.task)!;
    if (typeof task === "string") return task;
    if (task.fingerprint !== child.task.fingerprint)
      return "the task was forgotten and added again with other images";
    for (const id of neededBy(child)) {
      if (stored.has(id)) continue;
      const maker = makers.get(id);
      if (!maker) return `layer ${id.slice(0, 8)} is gone, and the journal does not say what trained it`;
      const before = why.get(maker.plan.child);
      if (before !== null) return `model ${maker.plan.child}, which it grew from, can't be trained again`;
    }
    return null;
  };
  for (const child of told) why.set(child.plan.child, obstacle(child));
  const able = told.filter(({ plan }) => why.get(plan.child) === null);
  const drawn = rngFromSeed(seed).child("replay").shuffle(able).slice(0, wanted);
  drawn.sort((a, b) => a.plan.child - b.plan.child);

  const failures: string[] = [];
  const engine = options.engine ?? "onnx";
  const rehearsal = await Rehearsal.open({
    makers,
    tasks: tasks as ReadonlyMap<TaskName, Task>,
    store,
    engine: { engine, device: deviceOf(engine, header.device), ...limitsOf(options) },
    trainer: options.trainer,
    signal,
  });
  try {
    for (const [done, child] of drawn.entries()) {
      failures.push(...(await rehearsal.differences(child)));
      onChild?.(done + 1, drawn.length);
    }
  } finally {
    await rehearsal.close();
  }
  const distinct = [...new Set(failures)];
  const ok = distinct.length === 0;
  return {
    ok,
    replayed: drawn.map(({ plan }) => plan.child),
    of: able.length,
    seed,
    failures: distinct,
    notReplayed: skipped(told, why),
    elsewhere: elsewhere(header),
    shareBound: ok ? shareBound(drawn.length) : 1,
    countBound: ok ? countBound(drawn.length, able.length) : able.length,
  };
}

const limitsOf = ({ threads, maxBytes }: ReplayOptions) => ({
  ...(threads !== undefined && { threads }),
  ...(maxBytes !== undefined && { maxBytes }),
});

/** A task of the run, or why its children can't be trained again. */
async function taskOrWhy(
  run: Parameters<typeof taskAgain>[0],
  name: TaskName,
  options: AgainOptions,
): Promise<Task | string> {
  if (run.state.forgotten.includes(name)) return "the task was forgotten";
  try {
    return await taskAgain(run, name, options, "mulab verify");
  } catch (error) {
    if (error instanceof MulabError) return error.message;
    throw error;
  }
}

/** The children that can't be trained again, by task and reason. */
function skipped(told: readonly ToldChild[], why: ReadonlyMap<ModelId, string | null>): NotReplayed[] {
  const found = new Map<string, NotReplayed>();
  for (const { plan } of told) {
    const reason = why.get(plan.child);
    if (reason === null || reason === undefined) continue;
    const key = JSON.stringify([plan.task, reason]);
    const known = found.get(key);
    found.set(key, { task: plan.task, children: (known?.children ?? 0) + 1, why: reason });
  }
  return [...found.values()];
}

/** What is other here than where the run began, and may change the last bits of results. */
function elsewhere({ versions: theirs }: RunHeader): string[] {
  const ours = versions();
  return Object.entries(theirs)
    .filter(([name, version]) => ours[name] !== undefined && ours[name] !== version)
    .map(([name, version]) => `${name} ${version} there, ${ours[name]} here`);
}
