// Decides which of a person's images train, validate and test: uses the folder's own splits, and draws missing ones from
// train, class by class. The draw of a class depends only on its own images, so that other classes may grow without
// affecting it.

import { tooFewImages } from "../../core/errors/index.js";
import type { Rng } from "../../core/rng.js";
import type { Split } from "../../core/task.js";
import { eachSplit } from "../splits.js";
import type { Listed, OwnImage } from "./listed.js";

export interface Example {
  readonly image: OwnImage;
  readonly label: number;
}

export interface Drawn {
  readonly examples: Readonly<Record<Split, readonly Example[]>>;
  /** Classes without validation images or without test images. */
  readonly untested: readonly string[];
}

type Held = Exclude<Split, "train">;

/** The given and the drawn splits, shuffled: each split gets at least one image of every class that has enough; other classes only train. Throws data/too-few-images. */
export function drawSplits(
  where: string,
  { classNames, splits }: Pick<Listed, "classNames" | "splits">,
  shares: Readonly<Record<Held, number>>,
  rng: Rng,
): Drawn {
  const missing = (["validation", "test"] as const).filter((split) => !splits[split]);
  const examples: Record<Split, Example[]> = { train: [], validation: [], test: [] };
  const untested: string[] = [];
  classNames.forEach((className, label) => {
    const add = (split: Split, images: readonly OwnImage[]) => {
      for (const image of images) examples[split].push({ image, label });
      if (images.length === 0 && split !== "train" && !untested.includes(className)) untested.push(className);
    };
    let pool = rng.child(`class/${className}`).shuffle(splits.train[label]!);
    const counts = heldCounts(
      pool.length,
      missing.map((split) => shares[split]),
    );
    missing.forEach((split, i) => {
      add(split, pool.slice(0, counts[i]));
      pool = pool.slice(counts[i]);
    });
    add("train", pool);
    for (const split of ["validation", "test"] as const)
      if (splits[split]) add(split, splits[split][label] ?? []);
  });
  const empty = missing.find((split) => examples[split].length === 0);
  if (empty) {
    const largest = Math.max(...splits.train.map((images) => images.length));
    throw tooFewImages(where, empty, largest, missing.length + 1);
  }
  return { examples: eachSplit((split) => rng.child(split).shuffle(examples[split])), untested };
}

/** How many of `count` images each share takes: rounded, at least one, leaving at least one; none if there are too few. */
function heldCounts(count: number, shares: readonly number[]): number[] {
  if (count < shares.length + 1) return shares.map(() => 0);
  const counts = shares.map((share) => Math.max(1, Math.round(count * share)));
  while (counts.reduce((sum, held) => sum + held, 0) >= count)
    counts[counts.indexOf(Math.max(...counts))]! -= 1;
  return counts;
}
