// Where nobody says how many threads, a run trains on all that the machine runs at once: counted by the processor time of
// each thread of a real run. What share of the wall time they get is the business of whatever else runs on the machine; that
// they work is not.

import { existsSync, readdirSync, readFileSync, watch } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startCli } from "../support/cli.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const RUN = [
  "run",
  "preliminary",
  "--budget",
  "smoke",
  "--tasks",
  "glyphs/bengali",
  "--set",
  "limit=2000",
  // One child that trains for long: its session's threads live as long as it does. With many children each session has
  // threads of its own, and none of them works long enough to stand out.
  "cycles=30",
  "children=1",
  "generations=1",
];

/** A thread that works has at least this share of what the busiest one has; compilers and collectors have less. */
const SHARE = 0.25;

/** Processor time of each thread of process `pid` but its first one, which does not train, so far, in clock ticks. */
function ticksOf(pid: number): ReadonlyMap<string, number> {
  const tasks = `/proc/${pid}/task`;
  const ticks = new Map<string, number>();
  for (const task of existsSync(tasks) ? readdirSync(tasks) : []) {
    if (task === String(pid)) continue;
    try {
      const line = readFileSync(join(tasks, task, "stat"), "utf8");
      // Fields after the name, which is in parentheses and may hold anything: user and system time are the 12th and 13th.
      const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
      ticks.set(task, Number(fields[11]) + Number(fields[12]));
    } catch {
      // It has ended meanwhile.
    }
  }
  return ticks;
}

/** How many threads of `mulab run` have worked: those of the engine, and what prepares their images. */
async function workingThreads(...options: string[]): Promise<number> {
  const dir = newFolder();
  const { process, finished } = startCli([...RUN, ...options, "--out", dir]);
  const ticks = new Map<string, number>();
  let before: ReadonlyMap<string, number> | undefined;
  // The journal tells of every validation, so the last look is at nearly all of the training.
  const watcher = watch(dir, () => {
    const now = ticksOf(process.pid!);
    before ??= now; // what was spent on starting
    for (const [thread, spent] of now) ticks.set(thread, spent - (before.get(thread) ?? 0));
  });
  const { code, stderr } = await finished;
  watcher.close();
  expect(code, stderr).toBe(0);
  const most = Math.max(...ticks.values());
  expect(most).toBeGreaterThan(20); // clock ticks: enough to tell them apart
  return [...ticks.values()].filter((spent) => spent >= SHARE * most).length;
}

const hasThreads = existsSync("/proc/self/task");
if (!hasThreads) console.warn("all-cores: threads are counted on Linux only, where /proc shows them");

test.runIf(hasThreads)(
  "a run without --threads trains on every core, and on one where that is given",
  async () => {
    const onOne = await workingThreads("--threads", "1");
    const byDefault = await workingThreads();
    // On many cores not every thread of the engine finds enough to do in batches as small as these.
    const atLeast = Math.min(availableParallelism(), 2) - 1;
    expect(byDefault - onOne).toBeGreaterThanOrEqual(atLeast);
  },
);
