// How many decoded images a task may have on this machine, given that all of them are in memory during a run.

import { totalmem } from "node:os";
import type { Split } from "../core/task.js";
import { SPLITS } from "./splits.js";

/** The least limit on any machine, 2 GiB. */
const LEAST = 2 ** 31;
/** Most bytes of a split, one less than 4 GiB: Node 20 passes no longer array to another thread. */
const MOST_OF_SPLIT = 2 ** 32 - 1;

/** Most bytes of a task's decoded images: half of the memory of this machine or, if less, of this process's limit. */
export function mostTaskBytes(): number {
  const allowed = process.constrainedMemory() || Number.POSITIVE_INFINITY; // 0 if there is no limit
  return Math.max(LEAST, Math.floor(Math.min(totalmem(), allowed) / 2));
}

/** What a task needs, and how to make it fit. */
export interface TooLarge {
  readonly images: number;
  readonly bytes: number;
  /** Most images a split (`limit`) that fit. */
  readonly limit: number;
}

/** Undefined if splits with that many images of `imageBytes` fit into `most` bytes. */
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
