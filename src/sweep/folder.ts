// A sweep's folder while it is written: sweep.json (the plan), results.json (the results, replaced atomically after each
// point), points/<name> (the runs), writer.lock. Nothing in it is ever lost: a run folder is removed only once its point is
// durable, and only on request.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { SweepPoint } from "../analysis/point.js";
import { dataChanged, differentPlan, folderNotEmpty, writeFailed } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Task } from "../core/task.js";
import {
  checkWritable,
  isTemporary,
  makeFolder,
  removeTemporaries,
  writeAtomically,
} from "../disk/atomic.js";
import { namesIn } from "../disk/listing.js";
import { canonicalJson } from "../run/digest.js";
import { LOCK_FILE, type Lock, takeLock } from "../run/lock.js";
import { taskOptions } from "../run/open.js";
import { versions } from "../run/versions.js";
import { planDifference } from "./difference.js";
import { type PlannedPoint, pointName, pointsOf, type SweepPlan } from "./plan.js";
import { isSweep, readPlan, readResults } from "./read.js";
import {
  PLAN_FILE,
  type PlanFile,
  POINTS_FOLDER,
  RESULTS_FILE,
  type ResultsFile,
  SWEEP_FORMAT,
  type Sweep,
  type SweepFailure,
} from "./stored.js";

/** The folder of a sweep that this process writes, until `close`. */
export interface SweepFolder extends Sweep {
  readonly dir: string;
  runDir(point: Pick<PlannedPoint, "name">): string;
  /** Records the data of a point. Throws run/data-changed if earlier points of its repetition had other data. */
  refuseOther(point: PlannedPoint, tasks: readonly Task[]): void;
  /** Stores a point durably before the promise resolves, and drops an earlier failure of it. */
  add(point: SweepPoint): Promise<void>;
  fail(failure: SweepFailure): Promise<void>;
  /** Removes the run folder of a point whose result is stored. */
  prune(point: Pick<PlannedPoint, "name">): Promise<void>;
  close(): Promise<void>;
}

/** Throws like openSweepFolder, before anything is prepared for a sweep in `dir`: run/folder-not-empty, store/…. */
export async function checkSweepFolder(dir: string): Promise<void> {
  if (await isSweep(dir)) return;
  await refuseUsed(dir);
  await checkWritable(join(dir, PLAN_FILE));
}

/** Opens the sweep in `dir` for writing, or makes one of `plan`; without a plan it must exist. Throws
 * sweep/different-plan, sweep/not-a-sweep, sweep/damaged, run/locked, run/folder-not-empty, store/….
 */
export async function openSweepFolder(dir: string, plan?: SweepPlan): Promise<SweepFolder> {
  if (!(await isSweep(dir)) && plan) {
    await makeFolder(dir);
    await refuseUsed(dir);
  } else await readPlan(dir); // so that nothing is touched in a folder that is not a sweep
  const lock = await takeLock(dir);
  try {
    await removeTemporaries(dir);
    const file = (await isSweep(dir)) || !plan ? await readPlan(dir) : await begin(dir, plan);
    const difference = plan && planDifference(plan, file.plan);
    if (difference) throw differentPlan(dir, difference);
    return openFolder(dir, file, await readResults(dir), lock);
  } catch (error) {
    await lock.release().catch(() => {}); // the first error is the one to report
    throw error;
  }
}

async function begin(dir: string, plan: SweepPlan): Promise<PlanFile> {
  const file: PlanFile = { format: SWEEP_FORMAT, plan, versions: versions() };
  await writeJson(join(dir, PLAN_FILE), file);
  return file;
}

function openFolder(dir: string, { plan, versions }: PlanFile, stored: ResultsFile, lock: Lock): SweepFolder {
  const order = pointsOf(plan).map(({ name }) => name);
  const points = new Map(stored.points.map((point) => [nameOf(point), point]));
  const failures = new Map(stored.failures.map((failure) => [failure.name, failure]));
  const data: Record<string, Readonly<Record<TaskName, string>>> = { ...stored.data };
  const write = async () => {
    await lock.check();
    await writeJson(join(dir, RESULTS_FILE), {
      format: SWEEP_FORMAT,
      points: sorted(points),
      failures: sorted(failures),
      data,
    });
  };
  const sorted = <T>(of: ReadonlyMap<string, T>): T[] => order.flatMap((name) => of.get(name) ?? []);
  const runDir = ({ name }: { name: string }): string => join(dir, POINTS_FOLDER, name);
  return {
    dir,
    plan,
    versions,
    get points() {
      return sorted(points);
    },
    get failures() {
      return sorted(failures);
    },
    data,
    runDir,
    refuseOther(point, tasks) {
      const pairs = pairsOf(point, plan);
      const known = data[pairs] ?? {};
      for (const { name, fingerprint } of tasks)
        if (known[name] !== undefined && known[name] !== fingerprint)
          throw dataChanged(name, fingerprint, known[name]);
      // Other points of the repetition may have what this one lacks.
      const here = Object.fromEntries(tasks.map(({ name, fingerprint }) => [name, fingerprint]));
      data[pairs] = { ...known, ...here };
    },
    async add(point) {
      const name = nameOf(point);
      const failure = failures.get(name);
      points.set(name, point);
      failures.delete(name);
      await write().catch((error) => {
        // It doesn't count until it is written; otherwise it could be a point and a failure at once, and would never be
        // tried again.
        points.delete(name);
        if (failure) failures.set(name, failure);
        throw error;
      });
    },
    async fail(failure) {
      failures.set(failure.name, failure);
      await write();
    },
    async prune(point) {
      await lock.check();
      await rm(runDir(point), { recursive: true, force: true }).catch((error) => {
        throw writeFailed(runDir(point), error);
      });
    },
    close: () => lock.release(),
  };
}

/** The key for the fingerprints of a point's images: its repetition, or its name if its experiment has its own splits. */
function pairsOf({ name, repetition, experiment }: PlannedPoint, { variants }: SweepPlan): string {
  const cut = (of: Experiment): string => canonicalJson({ ...taskOptions(of), seed: null });
  return cut(experiment) === cut(variants[0]!.experiment) ? String(repetition) : name;
}

const nameOf = ({ variant, repetition }: Pick<SweepPoint, "variant" | "repetition">): string =>
  pointName(variant, repetition);

const writeJson = (path: string, value: PlanFile | ResultsFile): Promise<void> =>
  writeAtomically(path, new TextEncoder().encode(`${JSON.stringify(value)}\n`));

/** Throws if `dir` holds more than the remains of an interrupted start. */
async function refuseUsed(dir: string): Promise<void> {
  const found = await namesIn(dir);
  if (found.some((name) => name !== LOCK_FILE && !isTemporary(name))) throw folderNotEmpty(dir);
}
