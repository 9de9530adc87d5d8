// What is pictured: a stored run or a made-up one, a run of many children, runs of many tasks, sweeps of one variant and
// of many.

import { BENCHMARKS } from "../../../src/data/benchmarks.js";
import type { RunSource } from "../../../src/figures/source.js";
import { readRun } from "../../../src/run/record.js";
import { readSweep } from "../../../src/sweep/read.js";
import { bigRun } from "../big-run.js";
import { madeUpSweep } from "../made-up-sweep.js";
import { sampleRun } from "../sample-run.js";

const publicTasks = (names: readonly string[]) => names.map((name) => ({ name, access: "public" as const }));

/** The tasks of all benchmarks of the papers, a thousand where `count` is larger than what they have. */
export function manyTasks(count: number): string[] {
  const published = [...new Set(BENCHMARKS.flatMap(({ tasks }) => tasks))];
  return Array.from({ length: count }, (_, i) => published[i] ?? `institute/collection-${i}/characters/1k`);
}

/** Runs by name: `dir` where it is given, and made-up ones of every size. */
export async function runSources(dir?: string): Promise<Record<string, RunSource>> {
  const big = await bigRun(4000);
  const run = await sampleRun({ iterations: 2, generations: 4, children: 8 });
  const few = { iterations: 1, generations: 1 };
  return {
    run: dir === undefined ? run : await readRun(dir),
    small: await sampleRun({ iterations: 1, generations: 1, children: 2 }),
    big: { ...run, ...big },
    "69-tasks": await sampleRun({ ...few, children: 3, tasks: publicTasks(manyTasks(69)) }),
    "1000-tasks": await sampleRun({ ...few, children: 1, tasks: publicTasks(manyTasks(1000)) }),
  };
}

/** Sweeps by name: the notebooks' own, and made-up ones. */
export const sweepSources = async () => ({
  sweep: await readSweep("notebooks/sweeps/characters-laptop.json.gz"),
  "made-up": { points: madeUpSweep() },
  once: { points: madeUpSweep({ repetitions: 1 }) },
  "69-tasks-sweep": { points: madeUpSweep({ repetitions: 2, scaleFactors: [0.3, 1], tasks: manyTasks(69) }) },
});
