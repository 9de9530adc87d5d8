// One run of a sweep, reduced to what tables and figures need: small enough to keep hundreds, and a pure function of the
// run's state. A stored sweep is a list of these, without the journals.

import type { ComponentName } from "../core/components.js";
import type { Hyperparams } from "../core/hyperparams.js";
import type { Access, TaskName } from "../core/model.js";
import type { Variant } from "../core/variant.js";
import type { Effort } from "./effort.js";
import type { Shares } from "./transfer.js";

/** The cost of a run. */
export interface Cost {
  /** Children that were trained. */
  readonly children: number;
  /** Training examples seen by all children together. */
  readonly examples: number;
  /** Floating-point operations of training, each child counted as if trained alone. */
  readonly flops: number;
  /** Wall time of training and validation times the engine's threads, in seconds; NaN if the number of threads is unknown. */
  readonly coreSeconds: number;
  readonly wallSeconds: number;
}

/** A layer of a final model, in the detail that figures need. */
export interface PointLayer {
  readonly name: ComponentName;
  /** The first 12 digits of its id. */
  readonly id: string;
  readonly paramCount: number;
  /** The task that trained it last; null for the root's untrained layers. */
  readonly trainedBy: TaskName | null;
}

/** One task's final model. Accuracies in [0, 1], parameters are counts. */
export interface PointTask {
  readonly task: TaskName;
  readonly access: Access;
  /** Images of each split; for validation, those actually used. */
  readonly images: { readonly train: number; readonly validation: number; readonly test: number };
  readonly classes: number;
  /** Children trained for the task, and all their validations, from which the model was selected. */
  readonly children: number;
  readonly validations: number;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
  /** muNet eq. 3. */
  readonly accountedParams: number;
  readonly hyperparams: Hyperparams;
  readonly adapters: readonly number[];
  readonly layers: readonly PointLayer[];
  /** Validation accuracies along the lineage of same-task ancestors, each up to its best (muNet Fig. 5). */
  readonly curve: readonly number[];
  /** Hyperparameters of its same-task ancestors, oldest first, and of the model, last: the schedule along the lineage. */
  readonly lineage: readonly { readonly model: number; readonly hyperparams: Hyperparams }[];
  /** Ancestors by task, without the model and the root (muNet Fig. 6/7). */
  readonly ancestors: Readonly<Record<TaskName, number>>;
  /** Share of gradient steps by task (µ2Net §5.1). */
  readonly transfer: Shares;
  /** The course of the search; points of earlier versions don't have it. */
  readonly effort?: readonly Effort[];
}

/** One run of a sweep: one repetition of a variant. */
export interface SweepPoint {
  readonly variant: Variant;
  /** Name of the variant's experiment: "characters", "decathlon". */
  readonly experiment: string;
  /** From 0. Points of different variants with the same repetition are pairs: they share seed, data and root. */
  readonly repetition: number;
  readonly seed: number;
  readonly budget: string;
  /** The root, in a few words. */
  readonly root: string;
  /** File name of the root's checkpoint, which shows whether it is the paper's; null for a random root. */
  readonly checkpoint: string | null;
  readonly tasks: readonly PointTask[];
  /** How often each value of each hyperparameter was sampled, over all children (muNet Fig. 8); values as text. */
  readonly sampled: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly cost: Cost;
  /** The run's digest (run/digest). */
  readonly digest: string;
}
