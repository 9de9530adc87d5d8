// Finds images that are in two splits, which would make validation and test scores meaningless. In omniglot as both papers
// split it, every validation and test image is also a training image.

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { Images, Split, Task } from "../core/task.js";

export interface Overlap {
  /** `images` of the `total` images of this split … */
  readonly split: Split;
  readonly total: number;
  /** … are also in this one, pixel for pixel. */
  readonly within: Split;
  readonly images: number;
  /** How many of these have the same label as a twin. */
  readonly sameLabel: number;
}

const PAIRS: readonly (readonly [Split, Split])[] = [
  ["validation", "train"],
  ["test", "train"],
  ["test", "validation"],
];

/** Exact duplicates between any two splits. Reads every pixel, and lets other work run meanwhile. */
export async function overlapOf({ splits }: Pick<Task, "splits">): Promise<readonly Overlap[]> {
  const hashes = {
    train: await hashesOf(splits.train),
    validation: await hashesOf(splits.validation),
    test: await hashesOf(splits.test),
  };
  return PAIRS.map(([split, within]) => {
    const twins = labelsByHash(hashes[within], splits[within]);
    const { labels, count } = splits[split];
    const found = hashes[split].map((hash, i) => twins.get(hash)?.has(labels[i]!));
    return {
      split,
      total: count,
      within,
      images: found.filter((same) => same !== undefined).length,
      sameLabel: found.filter((same) => same === true).length,
    };
  });
}

const BETWEEN_PAUSES = 512; // images; some 10 ms of hashing, then other work may run

async function hashesOf({ pixels, count, height, width, channels }: Images): Promise<string[]> {
  const size = height * width * channels;
  const hashes: string[] = [];
  for (let i = 0; i < count; i++) {
    hashes.push(
      createHash("sha256")
        .update(pixels.subarray(i * size, (i + 1) * size))
        .digest("base64"),
    );
    if (i % BETWEEN_PAUSES === 0) await setImmediate();
  }
  return hashes;
}

function labelsByHash(hashes: readonly string[], { labels }: Images): Map<string, Set<number>> {
  const index = new Map<string, Set<number>>();
  hashes.forEach((hash, i) => {
    const known = index.get(hash) ?? new Set();
    index.set(hash, known.add(labels[i]!));
  });
  return index;
}
