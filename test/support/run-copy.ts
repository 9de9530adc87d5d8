// A whole run of the real run loop with the fake trainer, and copies of it to be damaged.

import { createHash } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Experiment } from "../../src/core/experiment.js";
import { type OpenOptions, open } from "../../src/run/open.js";
import { fakeTrainer } from "./fake-trainer.js";
import { tinyExperiment, tinyTask } from "./tiny.js";

export const smallExperiment: Experiment = tinyExperiment({ iterations: 1 });

export const smallOptions = (changes: OpenOptions = {}): OpenOptions => ({
  tasks: smallExperiment.tasks.map(({ name, access }) => tinyTask(name, access)),
  trainer: fakeTrainer,
  now: () => 0,
  ...changes,
});

/** Evolves the small experiment to its end in the new folder `dir`. */
export async function wholeRun(dir: string): Promise<string> {
  await (await open(dir, smallExperiment, smallOptions())).done();
  return dir;
}

/** A copy of the folder `dir` in the new folder `to`. */
export function copyOf(dir: string, to: string): string {
  cpSync(dir, to, { recursive: true });
  return to;
}

/** The files below a folder, relative to it. */
export const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(dir, name)).isFile())
    .sort();

/** Names and contents of all files below a folder as one hash. */
export function treeHash(dir: string): string {
  const hash = createHash("sha256");
  for (const name of filesBelow(dir)) hash.update(`${name}\n`).update(readFileSync(join(dir, name)));
  return hash.digest("hex");
}

/** The lines of a run's journal, newlines included. */
export const journalLines = (dir: string): string[] =>
  readFileSync(join(dir, "events.jsonl"), "utf8").split(/(?<=\n)/);
