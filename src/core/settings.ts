// How models are made and trained: what a run may set anew for each of its segments. A system that grows for months changes
// its batches, budgets, search spaces and scores (µ2Net §5.4–5.6); what was evolved before stays as it was.

import type { Method } from "./methods.js";
import type { ModelId } from "./model.js";
import type { Training } from "./training.js";

export interface Settings {
  /** All randomness follows from it. */
  readonly seed: number;
  readonly method: Method;
  readonly training: Training;
  /** Generations of an activation, and children of a generation. */
  readonly generations: number;
  readonly children: number;
}

/** Settings that hold from an activation on; what they leave out stays as it was. */
export interface Change {
  /** The first activation that they hold for, counted from 0 over the whole run. */
  readonly from: number;
  /** The first model that they hold for. */
  readonly firstModel: ModelId;
  readonly settings: Partial<Settings>;
}
