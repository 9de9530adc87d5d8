// How many decoded images a task may hold on this machine: all of them are in memory for as long as a run lasts.

import { totalmem } from "node:os";
import type { Split } from "../core/task.js";
import { SPLITS } from "./splits.js";

/** Least that a task may hold, whatever the machine, 2 GiB. */
const LEAST = 2 ** 31;
/** Most bytes of a split: Node 20 hands no longer array to another thread. A byte less than 4 GiB. */
const MOST_OF_SPLIT = 2 ** 32 - 1;

/** Most bytes of a task's decoded images: half of this machine's memory, or of what this process is allowed of it. */
export function mostTaskBytes(): number {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY; // 0 where nothing constrains it
  return Math.max(LEAST, Math.floor(Math.min(totalmem(), allowed) / 2));
}

/** What a task needs, and how it can be made to fit. */
export interface TooLarge {
  readonly images: number;
  readonly bytes: number;
  /** Most images a split (`limit`) that fit. */
  readonly limit: number;
}

/** Undefined where splits with that many images of `imageBytes` fit into `most` bytes. */
export function tooLarge(
  counts: Readonly<Record<Split, number>>,
  imageBytes: number,
  most: number,
): TooLarge | undefined {
  const largest = Math.max(...SPLITS.map((split) => counts[split]));
  const images = (limit: number) => SPLITS.reduce((sum, split) => sum + Math.min(limit, counts[split]), 0);
  const fits = (limit: number) =>
    images(limit) * imageBytes <= most && Math.min(limit, largest) * imageBytes <= MOST_OF_SPLIT;
  if (fits(largest)) return undefined;
  let [fitting, failing] = [0, largest];
  while (failing - fitting > 1) {
    const middle = Math.floor((fitting + failing) / 2);
    if (fits(middle)) fitting = middle;
    else failing = middle;
  }
  return { images: images(largest), bytes: images(largest) * imageBytes, limit: fitting };
}
