// The seams: what evolution needs from the parts that touch tensors and disks. Each has a contract suite in test/contract.

import type { ComponentName } from "./components.js";
import type { Event, JournalEvent } from "./event.js";
import type { LayerId, Model, ModelId, Plan, TrainingSpan } from "./model.js";
import type { Rng } from "./rng.js";
import type { Split, Task } from "./task.js";

/** A freshly trained layer: its bytes (core/layer-codec) and their content. */
export interface TrainedLayer {
  readonly name: ComponentName;
  readonly bytes: Uint8Array;
  readonly paramCount: number;
  readonly history: readonly TrainingSpan[];
}

/** One validation of one child. */
export interface Cycle {
  readonly child: ModelId;
  /** From 0. */
  readonly cycle: number;
  /** Validation accuracy in [0, 1]. */
  readonly accuracy: number;
  /** Mean training loss of the cycle, in nats. */
  readonly loss: number;
  /** Gradient steps so far. */
  readonly steps: number;
  /** Wall time of the generation's cycle divided by its children, milliseconds. */
  readonly trainMs: number;
  /** The part of it spent building, compiling and running graphs; the rest is waiting for batches and keeping versions. */
  readonly engineMs?: number;
  /** Only on a child's last validation: the new layers of its best version, or null if no version was kept (method.md §d.4). */
  readonly kept?: readonly TrainedLayer[] | null;
  /** Only on a child's last item, if its training failed: why (a loss that is not a number); such an item is not a validation. */
  readonly failure?: { readonly code: string; readonly message: string };
}

export interface Metrics {
  /** Top-1 accuracy in [0, 1]. */
  readonly accuracy: number;
  readonly examples: number;
}

/** Trains plans and scores models; the only user of an engine. */
export interface Trainer {
  /** Trains all children of a generation on one stream of batches; one item per child and validation, children in plan order. */
  trainGeneration(plans: readonly Plan[], task: Task, rng: Rng, signal?: AbortSignal): AsyncIterable<Cycle>;
  /** Accuracy of `model` on a whole split. */
  evaluate(
    model: Pick<Model, "shape" | "path" | "hyperparams">,
    task: Task,
    split: Split,
    signal?: AbortSignal,
  ): Promise<Metrics>;
  /** Stops its workers. */
  close(): Promise<void>;
}

/** Layers by content. */
export interface LayerStore {
  has(id: LayerId): Promise<boolean>;
  /** The bytes of a layer, checked against its name. Throws store/missing-layer, store/corrupt-layer. */
  get(id: LayerId): Promise<Uint8Array>;
  /** Durable when the promise resolves; storing twice is storing once. */
  put(bytes: Uint8Array): Promise<LayerId>;
}

/** An append-only, hash-chained list of events. */
export interface Journal {
  /** Appends all events durably before the promise resolves; a crash may leave some of them and a torn last line. */
  append(events: readonly Event[]): Promise<void>;
  /** The events from index `from` on. */
  read(from: number): AsyncIterable<JournalEvent>;
}
