// Lists the runs and sweeps below a folder with their progress and results. It only reads, takes no lock and follows no
// link; a folder that can't be read becomes an entry that says why, because one damaged run must not hide the others.

import { existsSync, readdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { RunListing } from "../analysis/run-listing.js";
import { summaryOf } from "../analysis/summary.js";
import { describeError, folderUnreadable } from "../core/errors/index.js";
import { plannedChildren } from "../core/experiment.js";
import { JOURNAL_FILE } from "../run/folder.js";
import { RUN_FILE } from "../run/header.js";
import { lockOwner } from "../run/lock.js";
import { type RunRecord, readRun } from "../run/record.js";
import { readSweep } from "./read.js";
import { PLAN_FILE, POINTS_FOLDER, RESULTS_FILE } from "./stored.js";

/** The default folder of runs. */
export const RUNS_FOLDER = "runs";

export interface ListOptions {
  /** Also lists the runs inside sweeps; otherwise a sweep is one entry. */
  readonly points?: boolean;
}

/** Most levels of subfolders: runs/a/b/c/d is found, but a whole disk is not searched. */
const DEPTH = 4;
const SKIPPED = new Set(["node_modules", "layers"]);

/**
 * The runs and sweeps in `dir` and below it, the one that changed last first; `dir` itself where it is one. Unreadable ones
 * are entries. Throws run/folder-unreadable where `dir` can't be listed.
 */
export async function listRuns(dir = RUNS_FOLDER, options: ListOptions = {}): Promise<RunListing[]> {
  const found = await foldersBelow(dir, options);
  const listings: RunListing[] = [];
  for (const { path, kind } of found)
    listings.push(await (kind === "run" ? runListing(path) : sweepListing(path)));
  return listings.sort((a, b) => (b.changedAt ?? 0) - (a.changedAt ?? 0) || (a.dir < b.dir ? -1 : 1));
}

interface Found {
  readonly path: string;
  readonly kind: "run" | "sweep";
}

/** The folders of runs and sweeps, unread. Throws as listRuns. */
export async function foldersBelow(dir: string, { points = false }: ListOptions = {}): Promise<Found[]> {
  const found: Found[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (depth === 0) throw folderUnreadable(dir, error.code ?? "");
      return []; // another user's folder, or one that is gone by now
    });
    const names = new Set(entries.map(({ name }) => name));
    const kind = names.has(PLAN_FILE) ? "sweep" : names.has(RUN_FILE) ? "run" : null;
    if (kind) found.push({ path, kind });
    if (kind === "run" || (kind === "sweep" && !points) || depth === DEPTH) return;
    for (const entry of entries)
      if (entry.isDirectory() && !entry.name.startsWith(".") && !SKIPPED.has(entry.name))
        if (kind === null || entry.name === POINTS_FOLDER) await walk(join(path, entry.name), depth + 1);
  };
  await walk(dir, 0);
  return found;
}

/** Whether the folder `path` is a run or a sweep, judging only by its files. */
export const isRunOrSweep = (path: string): boolean =>
  [RUN_FILE, PLAN_FILE].some((file) => existsSync(join(path, file)));

/** Names of the runs and sweeps directly in `folder`, in no particular order; none if there is no such folder. */
export function namesOfRuns(folder = RUNS_FOLDER): string[] {
  try {
    return readdirSync(folder).filter((name) => isRunOrSweep(join(folder, name)));
  } catch {
    return [];
  }
}

const NOTHING = {
  experiment: null,
  budget: null,
  seed: null,
  tasks: null,
  done: null,
  total: null,
  validationAccuracy: null,
  testAccuracy: null,
  systemParams: null,
  wallSeconds: null,
  digest: null,
  problem: null,
} as const;

async function runListing(dir: string): Promise<RunListing> {
  const changedAt = await changeOf(join(dir, JOURNAL_FILE));
  try {
    const record = await readRun(dir);
    const isRunning = await isWritten(dir);
    const status = isRunning ? "running" : record.state.ended ? "ended" : "stopped";
    return { ...listingOf(record), dir, status, changedAt };
  } catch (error) {
    return { ...NOTHING, kind: "run", dir, status: "unreadable", changedAt, problem: problemOf(error) };
  }
}

/** The part of a run's entry that comes from its record. */
function listingOf(record: RunRecord): Omit<RunListing, "dir" | "status" | "changedAt"> {
  const { state, experiment, wallMs, trainMs, digest } = record;
  const measures = { wallSeconds: wallMs / 1000, trainSeconds: trainMs / 1000, digest };
  const { tasks, children, systemParams } = summaryOf(state, experiment, measures);
  return {
    kind: "run",
    experiment: experiment.name,
    budget: experiment.budget,
    seed: experiment.seed,
    tasks: tasks.length,
    done: children,
    total: plannedChildren(experiment, state),
    validationAccuracy: meanOf(tasks.map(({ validationAccuracy }) => validationAccuracy)),
    testAccuracy: meanOf(tasks.map(({ testAccuracy }) => testAccuracy)),
    systemParams,
    wallSeconds: measures.wallSeconds,
    digest,
    problem: null,
  };
}

async function sweepListing(dir: string): Promise<RunListing> {
  const changedAt = (await changeOf(join(dir, RESULTS_FILE))) ?? (await changeOf(join(dir, PLAN_FILE)));
  try {
    const { plan, points } = await readSweep(dir);
    const total = plan.repetitions * plan.variants.length;
    const isRunning = await isWritten(dir);
    const { experiment } = plan.variants[0]!;
    return {
      ...NOTHING,
      kind: "sweep",
      dir,
      status: isRunning ? "running" : points.length === total ? "ended" : "stopped",
      experiment: experiment.name,
      budget: experiment.budget,
      seed: plan.seed,
      tasks: experiment.tasks.length,
      done: points.length,
      total,
      changedAt,
    };
  } catch (error) {
    return { ...NOTHING, kind: "sweep", dir, status: "unreadable", changedAt, problem: problemOf(error) };
  }
}

/** Whether a process is writing in `dir`; false if the lock can't be read. */
const isWritten = async (dir: string): Promise<boolean> => (await lockOwner(dir).catch(() => null)) !== null;

const problemOf = (error: unknown): string => describeError(error).problem;

const changeOf = async (path: string): Promise<number | null> =>
  (await stat(path).catch(() => null))?.mtimeMs ?? null;

const meanOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
};
