// A model is immutable data. A `Model` has been trained and names its layers by their content; a `Plan` is a model before
// training, and says for every layer whether it is shared, cloned or new. Only a plan can be trained and nothing can write
// to a model, so "no forgetting" is enforced by types.

import type { ComponentName, Shape } from "./components.js";
import type { Hyperparams, Mutation } from "./hyperparams.js";

/** Name of a layer: sha-256 of its bytes as 64 hexadecimal digits. The bytes include its training history. */
export type LayerId = string & { readonly layerId: unique symbol };

/** Number of a model in its run: 0 for the root, then children in the order in which they were sampled. */
export type ModelId = number;

export type TaskName = string;

/** Who may build on a task's layers: all tasks, or only itself. µ2Net §3.4. */
export type Access = "public" | "private";

/** Consecutive gradient steps for which a layer was trained on one task; a stretch of its history. */
export interface TrainingSpan {
  readonly task: TaskName;
  readonly steps: number;
}

/** A layer in use: its component, its name in the store, its size, and the tasks that trained it (oldest first; empty for the root's). */
export interface Layer {
  readonly name: ComponentName;
  readonly id: LayerId;
  /** Parameters, a count (momentum is not one of them). */
  readonly paramCount: number;
  readonly history: readonly TrainingSpan[];
}

/** How a planned child gets a layer: frozen by reference, copied and trained, or initialised and trained. */
export type Source =
  | { readonly how: "share"; readonly layer: Layer }
  | { readonly how: "clone"; readonly layer: Layer }
  | { readonly how: "init" };

export interface Position {
  readonly name: ComponentName;
  readonly source: Source;
}

/** A child before training. Positions run from the image to the head. */
export interface Plan {
  readonly child: ModelId;
  readonly parent: ModelId;
  readonly task: TaskName;
  readonly shape: Shape;
  readonly positions: readonly Position[];
  readonly hyperparams: Hyperparams;
  /** Differences from the parent, for people. */
  readonly mutations: readonly Mutation[];
  /** Score that a validated version must reach to be kept; null if the parent belongs to another task (§d.4). */
  readonly reference: number | null;
  /** scaleFactor^(accountedParams / rootParams): the score is the accuracy times this. muNet eq. 2. */
  readonly sizeFactor: number;
}

/** Where in the run a child was made; all counted from 0. */
export interface Birth {
  readonly iteration: number;
  readonly generation: number;
}

/** One validation of one child: accuracy in [0, 1], mean training loss of the cycle before it. */
export interface Evaluation {
  readonly accuracy: number;
  readonly loss: number;
}

/**
 * A model that was trained, or the root (task null, parent null). "active": a candidate of the running activation;
 * "retained": the task's one survivor; "discarded": not better than its parent; "dropped": improved, but not the best of its
 * activation; "failed": its training failed. */
export interface Model {
  readonly id: ModelId;
  readonly parent: ModelId | null;
  readonly task: TaskName | null;
  readonly shape: Shape;
  readonly hyperparams: Hyperparams;
  readonly mutations: readonly Mutation[];
  readonly birth: Birth | null;
  readonly status: "root" | "training" | "active" | "retained" | "dropped" | "discarded" | "failed";
  /** The layers, image to head; empty for a discarded or failed model. */
  readonly path: readonly Layer[];
  readonly evaluations: readonly Evaluation[];
  /** Best validation accuracy, in [0, 1]; null before the first validation. */
  readonly accuracy: number | null;
  /** Accuracy on the whole test split; null until the activation that made the model has ended. */
  readonly testAccuracy: number | null;
  /** Gradient steps taken, whether they were kept or not. */
  readonly steps: number;
  /** How often the model was chosen as a parent, by the task of the child. Eq. 1 of muNet, §3.1 of µ2Net. */
  readonly selections: Readonly<Record<TaskName, number>>;
}
