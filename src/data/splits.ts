// Decides which rows train, validate and test. Published files are often sorted by class, so rows are shuffled before they
// are sliced (the papers' `train[:20%]` is a slice of files that TensorFlow Datasets shuffled when it prepared them). The
// result depends only on the caller's random stream. method.md §e.6.

import { emptySplit, valueNotValid } from "../core/errors/index.js";
import { type Rng, rngFromSeed } from "../core/rng.js";
import type { Split } from "../core/task.js";
import type { PerGroup, SetSizes, Slices, SplitRule } from "./catalog-entry.js";
import { roundHalfEven } from "./round.js";

export const SPLITS: readonly Split[] = ["train", "validation", "test"];

/** Row numbers of a split in the set they come from, in training order. */
export interface Chosen {
  readonly set: string;
  readonly rows: Int32Array<ArrayBuffer>;
}

export type SplitRows = Readonly<Record<Split, Chosen>>;

interface Divided {
  readonly name: string;
  readonly sets: SetSizes;
  readonly splits: SplitRule;
}

/**
 * Shuffles and slices each set as the task's rule says; `share` in (0, 1) is the experiment's share of validation images,
 * for rules that leave it open. `limit` caps each split; a capped split is the beginning of the uncapped one. With
 * `inOrder`, slices are cut from the unshuffled rows and shuffled afterwards.
 */
export function splitRows(
  { name, sets, splits }: Divided,
  share: number,
  rng: Rng,
  limit = Number.POSITIVE_INFINITY,
  inOrder = false,
): SplitRows {
  if (!(share > 0 && share < 1))
    throw valueNotValid("The share of validation images", share, "between 0 and 1, both excluded");
  if (!(limit >= 1)) throw valueNotValid("The limit of images per split", limit, "at least 1");
  const whole =
    splits.by === "slices"
      ? sliced(splits, sets, share, rng, inOrder)
      : drawnPerGroup(name, splits, sets, rng);
  for (const split of SPLITS) if (whole[split].rows.length === 0) throw emptySplit(name, split);
  return eachSplit((split) => ({ set: whole[split].set, rows: whole[split].rows.slice(0, limit) }));
}

/** The number of rows of each split without a limit. */
export function splitSizes(divided: Divided, share: number): Readonly<Record<Split, number>> {
  const { sets, splits } = divided;
  if (splits.by === "group") {
    const groups = sets[splits.set]!.count / splits.group;
    const { group, validation, test, without } = splits;
    return {
      train: groups * (group - validation - test) - without.length,
      validation: groups * validation,
      test: groups * test,
    };
  }
  return eachSplit((split) => {
    const { from, to } = boundsOf(splits[split], sets, share);
    return Math.max(0, to - from);
  });
}

export function eachSplit<T>(of: (split: Split) => T): Readonly<Record<Split, T>> {
  return { train: of("train"), validation: of("validation"), test: of("test") };
}

function sliced(slices: Slices, sets: SetSizes, share: number, rng: Rng, inOrder: boolean): SplitRows {
  const orders = new Map<string, Int32Array<ArrayBuffer>>();
  return eachSplit((split) => {
    const { set, count, from, to } = boundsOf(slices[split], sets, share);
    if (inOrder) return { set, rows: shuffled(to - from, rng.child(split)).map((row) => from + row) };
    const order = orders.get(set) ?? shuffled(count, rng.child(set));
    orders.set(set, order);
    return { set, rows: order.slice(from, to) };
  });
}

const SLICE = /^([\w-]+)(?:\[(share|\d+%?)?:(share|\d+%?)?\])?$/;

function boundsOf(slice: string, sets: SetSizes, share: number) {
  const [, set = "", first, last] = SLICE.exec(slice) ?? [];
  const { count } = sets[set]!;
  const row = (text: string | undefined, otherwise: number): number => {
    if (text === undefined) return otherwise;
    if (text === "share") return Math.round(count * share);
    // TensorFlow Datasets rounds as Python does, so half of the decathlon's 3,333 aircraft is 1,666.
    return text.endsWith("%") ? roundHalfEven((count * Number.parseInt(text, 10)) / 100) : Number(text);
  };
  return { set, count, from: row(first, 0), to: row(last, count) };
}

function drawnPerGroup(
  name: string,
  { set, group, validation, test, without }: PerGroup,
  sets: SetSizes,
  rng: Rng,
): SplitRows {
  const rows: Record<Split, number[]> = { train: [], validation: [], test: [] };
  // Test images are the same for every seed, so that runs can be compared; only the validation images depend on the seed.
  const fixed = rngFromSeed(0).child(`${name}/test`);
  for (let start = 0; start < sets[set]!.count; start += group) {
    const members = Array.from({ length: group }, (_, i) => start + i).filter(
      (row) => !without.includes(row),
    );
    const order = fixed.child(`${start}`).shuffle(members);
    const rest = rng.child(`group/${start}`).shuffle(order.slice(test));
    rows.test.push(...order.slice(0, test));
    rows.validation.push(...rest.slice(0, validation));
    rows.train.push(...rest.slice(validation));
  }
  // The order matters too, because a limit keeps only the beginning of a split.
  const order = {
    train: rng.child("train"),
    validation: rng.child("validation"),
    test: fixed.child("order"),
  };
  return eachSplit((split) => ({ set, rows: Int32Array.from(order[split].shuffle(rows[split])) }));
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
