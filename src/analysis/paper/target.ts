// A published number as data: where it is printed, what it says about which method and task, and how it was measured.
// analysis/sweep/published compares it with ours.

import type { TaskName } from "../../core/model.js";

/**
 * What a number counts.
 * "test": mean test accuracy over repetitions, per cent; "test-max": the best repetition's; "params": accounted
 * parameters per task, millions; "core-hours"; "blocks": transformer blocks in use; "test-gain": accuracy above full
 * fine-tuning, points; "test-ratio": the best accuracy above that of full fine-tuning, per cent of it; "params-cut":
 * fewer parameters than full fine-tuning, per cent; "transfer": share of gradient steps on `from`, per cent;
 * "system-params": parameters of the whole network, millions; "activated": share of them in one model, per cent;
 * "added": accounted parameters per task, millions; "std": mean deviation over the tasks, points.
 */
export type Quantity =
  | "test"
  | "test-max"
  | "params"
  | "core-hours"
  | "blocks"
  | "test-gain"
  | "test-ratio"
  | "params-cut"
  | "transfer"
  | "system-params"
  | "activated"
  | "added"
  | "std";

export interface Target {
  /** "muNet Table 1". */
  readonly source: string;
  /** Name of the benchmark (analysis/paper/benchmarks). */
  readonly benchmark: string;
  /** The name that the paper uses. */
  readonly method: string;
  /** Name of mulab's variant that is the same; null for another work's method, or a stage that mulab has no run for. */
  readonly variant: string | null;
  readonly quantity: Quantity;
  /** Null: over all tasks of the benchmark. */
  readonly task: TaskName | null;
  /** Of "transfer": the task whose gradient steps are counted. */
  readonly from?: TaskName;
  readonly value: number;
  /** Population deviation over the paper's repetitions; null if none is given. */
  readonly std: number | null;
  /** Repetitions behind the number; null if unknown. */
  readonly runs: number | null;
  /** Decimals as printed; half a unit of the last one may be rounding. */
  readonly decimals: number;
}

/** The setup that a benchmark's numbers were measured in. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** The name of mulab's experiment. */
  readonly experiment: string;
  /** The root's checkpoint: the stem of its file name. */
  readonly checkpoint: string;
  /** Blocks and width of the root. */
  readonly blocks: number;
  readonly width: number;
  /** Children of a task, validations of a child, and most training examples before each. */
  readonly children: number;
  readonly cycles: number;
  readonly examplesPerCycle: number;
  /** What the paper's network had been trained on before; not given if it began with the root. */
  readonly after?: string;
  /** In the paper's order, with the training images of each if the paper gives them. */
  readonly tasks: readonly { readonly task: TaskName; readonly train: number | null }[];
}

/** "1.5 2 –" as numbers; null for "–". */
export const numbersOf = (text: string): (number | null)[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => (word === "–" ? null : Number(word)));

/** The largest number of printed decimals. */
export const decimalsOf = (text: string): number =>
  Math.max(
    ...text
      .trim()
      .split(/\s+/)
      .map((word) => word.split(".")[1]?.length ?? 0),
  );
