// A sweep as data: the plan, the points that have ended, the failures. A sweep's folder and the file that `mulab sweep
// --export` writes hold the same.

import type { SweepPoint } from "../analysis/point.js";
import type { TaskName } from "../core/model.js";
import type { Variant } from "../core/variant.js";
import type { SweepPlan } from "./plan.js";

/** A point that failed; opening the sweep again retries it. */
export interface SweepFailure {
  readonly name: string;
  readonly variant: Variant;
  readonly repetition: number;
  readonly code: string;
  readonly message: string;
}

/** The results of a sweep so far. */
export interface Sweep {
  readonly plan: SweepPlan;
  /** Those that have ended, in the order of the plan. */
  readonly points: readonly SweepPoint[];
  readonly failures: readonly SweepFailure[];
  /** Fingerprints of the tasks' images, which make a repetition's points pairs: by repetition or, for a point with its own splits, by its name. */
  readonly data: Readonly<Record<string, Readonly<Record<TaskName, string>>>>;
  /** The versions with which the sweep began, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

export const SWEEP_FORMAT = 1;
export const PLAN_FILE = "sweep.json";
export const RESULTS_FILE = "results.json";
export const POINTS_FOLDER = "points";

interface Formatted {
  readonly format: number;
}

/** sweep.json. */
export interface PlanFile extends Formatted, Pick<Sweep, "plan" | "versions"> {}
/** results.json. */
export interface ResultsFile extends Formatted, Pick<Sweep, "points" | "failures" | "data"> {}
/** A whole sweep in one file. */
export interface SweepFile extends Formatted, Sweep {}
