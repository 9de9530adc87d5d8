// Grows a system by the segments of a programme, one after another. What has been done is read from the runs, so that a
// programme that was killed continues where it was.

import { join } from "node:path";
import { notOfProgramme } from "../core/errors/index.js";
import type { Programme, ProgrammeSegment } from "../core/programme.js";
import { replicaSeeds } from "../core/programme.js";
import { standingTasks } from "../core/state.js";
import type { LoadOptions } from "../data/tasks.js";
import { loadNamed } from "../data/tasks.js";
import { isFile } from "../disk/listing.js";
import { extend } from "../run/extend.js";
import { fork } from "../run/fork.js";
import { RUN_FILE } from "../run/header.js";
import { type OpenOptions, open, type Run, taskOptions } from "../run/open.js";
import { type RunRecord, readRun } from "../run/record.js";
import { replicaDir, systemDir } from "./stored.js";

/** A run of a programme that has something to do. */
export interface ProgrammeStep {
  /** 0 for the one with which the system begins. */
  readonly segment: number;
  readonly title: string;
  /** The number of the copy, from 1; undefined for the system itself. */
  readonly replica?: number;
  readonly dir: string;
  /** Begins or continues it. Throws as `open` and `extend`. */
  readonly start: (options: OpenOptions) => Promise<Run>;
}

/** How tasks are loaded, beside what the experiment decides. */
export type Loading = Pick<LoadOptions, "onProgress" | "onNote">;

/**
 * The steps that are left of `programme` in the folder `dir`, each of which must have ended before the next is asked for.
 * Throws as readRun, `fork` and the loading of tasks.
 */
export async function* stepsOf(
  dir: string,
  programme: Programme,
  loading: Loading = {},
): AsyncGenerator<ProgrammeStep, void> {
  const { experiment, begins, segments } = programme;
  const system = systemDir(dir);
  const first = await recordAt(system);
  if (!first?.state.ended && segmentsIn(first) === 0)
    yield { segment: 0, title: begins, dir: system, start: (options) => open(system, experiment, options) };
  const titles = segments.map(({ title }) => title);
  for (const [i, { title, replicas, ...segment }] of segments.entries()) {
    const number = i + 1;
    const copies = await copiesOf(dir, programme, number);
    const seed = replicas && replicaSeeds(programme, number)[replicas.continued - 1];
    for (const { dir: at, seed: own, replica } of [{ dir: system, seed, replica: undefined }, ...copies]) {
      const start = await startOf(at, number, { title, ...segment }, own, loading, titles);
      if (start) yield { segment: number, title, dir: at, start, ...(replica !== undefined && { replica }) };
    }
  }
}

interface Copy {
  readonly dir: string;
  readonly seed: number | undefined;
  readonly replica: number;
}

/** The copies that the system is not continued as, each made before it grows. */
async function copiesOf(dir: string, { segments, ...programme }: Programme, number: number): Promise<Copy[]> {
  const { replicas } = segments[number - 1]!;
  if (!replicas) return [];
  const seeds = replicaSeeds({ ...programme, segments }, number);
  const copies = seeds
    .map((seed, i) => ({ dir: replicaDir(dir, number, i + 1), seed, replica: i + 1 }))
    .filter(({ replica }) => replica !== replicas.continued);
  for (const copy of copies) {
    if (await isFile(join(copy.dir, RUN_FILE))) continue;
    const system = await readRun(systemDir(dir));
    await fork(system.dir, copy.dir, generationsBefore(system, number));
  }
  return copies;
}

/** All generations, if the run has not begun the segment; else those before it. */
function generationsBefore(run: RunRecord, segment: number): { generations?: number } {
  if (segmentsIn(run) < segment) return {};
  let seen = 0;
  let generations = 0;
  for (const { type } of run.events) {
    if (type === "run-extended" && ++seen === segment) break;
    if (type === "generation-ended") generations += 1;
  }
  return { generations };
}

/** How the run in `dir` begins or continues segment `number`; null if it has ended it. */
async function startOf(
  dir: string,
  number: number,
  { title, tasks, iterations, settings }: Omit<ProgrammeSegment, "replicas">,
  seed: number | undefined,
  loading: Loading,
  titles: readonly string[],
): Promise<ProgrammeStep["start"] | null> {
  const run = await readRun(dir);
  refuseOthers(run, titles);
  const begun = segmentsIn(run);
  if (begun > number || (begun === number && run.state.ended)) return null;
  if (begun === number) return (options) => open(dir, undefined, options);
  const known = new Set(standingTasks(run.state).map(({ name }) => name));
  const named = tasks.map((task) => (known.has(task.name) ? task.name : task));
  const set = { ...settings, ...(seed !== undefined && { seed }) };
  return async (options) => {
    const loaded = await loadNamed(named, { ...taskOptions(run.experiment), ...loading });
    return extend(dir, { title, tasks: loaded, iterations, settings: set }, options);
  };
}

/** Throws where the run has grown by something else: its segments are counted to know how far it is. */
function refuseOthers({ dir, events }: RunRecord, titles: readonly string[]): void {
  const grown = events.flatMap((event) => (event.type === "run-extended" ? [event.title] : []));
  const other = grown.findIndex((title, i) => title !== titles[i]);
  if (other >= 0) throw notOfProgramme(dir, other + 2, grown[other], titles[other]);
}

const recordAt = async (dir: string): Promise<RunRecord | undefined> =>
  (await isFile(join(dir, RUN_FILE))) ? readRun(dir) : undefined;

/** Segments that a run has begun beside its first. */
const segmentsIn = (run: RunRecord | undefined): number =>
  run?.events.filter(({ type }) => type === "run-extended").length ?? 0;
