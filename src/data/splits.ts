// Which rows train, validate and test. Published files are often sorted by class, so rows are shuffled before they
// are sliced (the papers' `train[:20%]` is a slice of files that TensorFlow Datasets shuffled when it prepared
// them). Rows go where the caller's random stream sends them, and nowhere else. method.md §e.6.

import { emptySplit, valueNotValid } from "../core/errors.js";
import type { Rng } from "../core/rng.js";
import type { Split } from "../core/task.js";

/** Row numbers of each split, in training order: train and validation count in the published train set, test in the test set. */
export type SplitRows = Readonly<Record<Split, Int32Array<ArrayBuffer>>>;

/**
 * Shuffles and slices: validation is the first `validation` (a fraction) of the published train set, train the rest.
 * `limit` caps each split; a capped split is the beginning of the uncapped one.
 */
export function splitRows(
  task: string,
  published: { readonly train: number; readonly test: number },
  validation: number,
  rng: Rng,
  limit = Number.POSITIVE_INFINITY,
): SplitRows {
  if (!(validation > 0 && validation < 1))
    throw valueNotValid("The share of validation images", validation, "between 0 and 1, both excluded");
  if (!(limit >= 1)) throw valueNotValid("The limit of images a split", limit, "at least 1");
  const trainable = shuffled(published.train, rng.child("train"));
  const held = Math.round(published.train * validation);
  const splits: SplitRows = {
    train: trainable.slice(held).slice(0, limit),
    validation: trainable.slice(0, held).slice(0, limit),
    test: shuffled(published.test, rng.child("test")).slice(0, limit),
  };
  for (const [split, rows] of Object.entries(splits)) if (rows.length === 0) throw emptySplit(task, split);
  return splits;
}

function shuffled(count: number, rng: Rng): Int32Array<ArrayBuffer> {
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = rng.int(i + 1);
    const row = rows[i]!;
    rows[i] = rows[j]!;
    rows[j] = row;
  }
  return rows;
}
