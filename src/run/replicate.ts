// Replicas: copies of a run that grow by the same segment, each with its own seed, which shows how much of a result is
// chance (µ2Net Table 4). They share the layers that the run has; `extend` continues one of them.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { notTheReplica, valueNotValid } from "../core/errors/index.js";
import { experimentAt } from "../core/experiment.js";
import { type Extension, extend } from "./extend.js";
import { fork } from "./fork.js";
import { RUN_FILE } from "./header.js";
import { type OpenOptions, open, type Run } from "./open.js";
import { type RunRecord, readRun } from "./record.js";

/** A copy of a run, and the seed of its segment. */
export interface Replica {
  readonly dir: string;
  readonly seed: number;
}

/** The replicas of `run` in the folder `to`: their seeds count up from the segment's seed, or from the run's. Throws options/not-valid. */
export function replicasOf(
  { experiment, state }: Pick<RunRecord, "experiment" | "state">,
  to: string,
  copies: number,
  seed?: number,
): Replica[] {
  if (!Number.isSafeInteger(copies) || copies < 1)
    throw valueNotValid("copies", copies, "a whole number, at least 1");
  const now = experimentAt(experiment, state).seed;
  const first = seed ?? now + 1;
  if (now >= first && now < first + copies)
    throw valueNotValid("seed", first, `one with which no replica has the run's own, ${now}`);
  return Array.from({ length: copies }, (_, i) => ({ dir: join(to, `replica-${i + 1}`), seed: first + i }));
}

/**
 * Forks the run in `dir` into a replica and evolves the segment there, or continues what a killed process left. Throws as
 * `fork`, `extend` and `open`, and run/not-the-replica if its folder holds something else.
 */
export async function replicate(
  dir: string,
  { dir: to, seed }: Replica,
  segment: Extension,
  options: OpenOptions = {},
): Promise<Run> {
  if (!existsSync(join(to, RUN_FILE))) await fork(dir, to); // also where a killed process began to copy
  const [origin, replica] = await Promise.all([readRun(dir), readRun(to)]);
  const [before, after] = [origin, replica].map(({ state }) => state.changes.length) as [number, number];
  if (before === after) return extend(to, { ...segment, settings: { ...segment.settings, seed } }, options);
  const found = replica.state.changes[before]?.settings.seed;
  if (found !== seed) throw notTheReplica(to, seed, found);
  return open(to, undefined, options);
}
