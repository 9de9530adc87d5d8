// The messages between the main thread and the training worker.

import type { ErrorData } from "../core/errors/index.js";
import type { Method } from "../core/methods.js";
import type { LayerId, Model, Plan } from "../core/model.js";
import type { RngKey } from "../core/rng.js";
import type { Cycle, Metrics } from "../core/seams.js";
import type { Images, Split, Task } from "../core/task.js";
import type { Training } from "../core/training.js";
import type { EngineName } from "./devices.js";

/** How the method trains. */
export type TrainingMethod = Pick<
  Method,
  "keepTies" | "keepMomentum" | "momentumPrecision" | "initSeed" | "headInit"
>;

export interface EngineOptions {
  /** onnxruntime-node, or a TensorFlow.js backend. */
  readonly engine?: EngineName;
  /** One of the engine's devices (engine/devices); its default if omitted. */
  readonly device?: string;
  /** Threads of an operator, from 1; default: Node's availableParallelism(). */
  readonly threads?: number;
  /** Most bytes for training a generation, by estimate (group-memory); siblings that need more are trained in groups, and, if given, a single child that needs more is refused. */
  readonly maxBytes?: number;
}

export interface WorkerSettings extends EngineOptions {
  readonly threads: number;
  readonly training: Training;
  readonly method: TrainingMethod;
}

export type Job =
  | {
      readonly type: "train";
      readonly plans: readonly Plan[];
      readonly task: Task;
      readonly key: RngKey;
    }
  | {
      readonly type: "evaluate";
      readonly model: Pick<Model, "shape" | "path">;
      readonly task: Task;
      readonly split: Split;
    }
  | {
      readonly type: "predict";
      readonly model: Pick<Model, "shape" | "path">;
      readonly images: Images;
    };

export type LayerBytes = readonly (readonly [LayerId, Uint8Array])[];

/** Main to worker. `stop` [1] is set to 1 to end a job early. */
export type Command =
  | {
      readonly type: "start";
      readonly job: number;
      readonly of: Job;
      readonly stop: Int32Array<SharedArrayBuffer>;
    }
  | { readonly type: "layers"; readonly job: number; readonly layers: LayerBytes }
  | { readonly type: "pull"; readonly job: number };

/** Worker to main; every job ends with "done", "stopped" or "failed". */
export type Report =
  | { readonly type: "need"; readonly job: number; readonly layers: readonly LayerId[] }
  | { readonly type: "cycles"; readonly job: number; readonly cycles: readonly Cycle[] }
  | {
      readonly type: "done";
      readonly job: number;
      readonly metrics?: Metrics;
      /** [images, classes] of a prediction. */
      readonly logits?: Float32Array<ArrayBuffer>;
    }
  | { readonly type: "stopped"; readonly job: number }
  | { readonly type: "failed"; readonly job: number; readonly error: ErrorData };
