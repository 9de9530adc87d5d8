// What a donor task caused: the difference that it makes to another task's accuracy, over pairs of runs with and without it
// that share their seed, beside the share of the model's training that the analysis of knowledge transfer credits to it.

import type { TaskName } from "../core/model.js";
import type { State } from "../core/state.js";
import { type Interval, interval, mean, sideOf } from "./stats.js";
import { survivorsOf } from "./survivors.js";
import { modelTransfer } from "./transfer.js";

/** What a run came to for the task. */
export interface Arm {
  /** Test accuracy of its model, in [0, 1]; null if it has none. */
  readonly test: number | null;
  /** Validation accuracy, likewise. */
  readonly validation: number | null;
  /** Share of the model's gradient steps that were on the donor's images, in [0, 1]; null if it has no model. */
  readonly share: number | null;
  /** Hash over what happened in the run. */
  readonly digest: string;
}

/** Two runs of one seed. */
export interface CausePair {
  readonly seed: number;
  readonly with: Arm;
  readonly without: Arm;
}

export interface CauseResult {
  readonly task: TaskName;
  /** The donor that was left out. */
  readonly without: TaskName;
  /** Tasks that were left out too, because their models grew from the donor's. */
  readonly also: readonly TaskName[];
  readonly pairs: readonly CausePair[];
  /** Test accuracy with the donor minus without it, and its 95 % interval by Student's t over the pairs; a fraction. */
  readonly caused: Interval;
  /** Whether the interval is above 0, below 0, or includes 0. */
  readonly verdict: ReturnType<typeof sideOf>;
  /** Mean share of steps on the donor, over the runs with it; null if none has a model. */
  readonly share: number | null;
  /** The same in the run whose segment was repeated. */
  readonly shareInRun: number | null;
}

/** What `state` came to for `task`. */
export function armOf(
  { state, digest }: { state: State; digest: string },
  task: TaskName,
  donor: TaskName,
): Arm {
  const model = survivorsOf(state).find((each) => each.task === task);
  return {
    test: model?.testAccuracy ?? null,
    validation: model?.accuracy ?? null,
    share: model ? (modelTransfer(model)[donor] ?? 0) : null,
    digest,
  };
}

/** The result of these pairs; those in which a side has no model don't count. */
export function causeOf(
  about: Pick<CauseResult, "task" | "without" | "also" | "shareInRun">,
  pairs: readonly CausePair[],
): CauseResult {
  const differences = pairs.flatMap(({ with: one, without: other }) =>
    one.test === null || other.test === null ? [] : [one.test - other.test],
  );
  const shares = pairs.flatMap((pair) => (pair.with.share === null ? [] : [pair.with.share]));
  const caused = interval(differences);
  return {
    ...about,
    pairs,
    caused,
    verdict: sideOf(caused),
    share: shares.length === 0 ? null : mean(shares),
  };
}
