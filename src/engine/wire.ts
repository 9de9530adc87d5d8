// What main thread and training worker say to each other.

import type { ErrorData } from "../core/errors.js";
import type { Method } from "../core/methods.js";
import type { LayerId, Model, Plan } from "../core/model.js";
import type { RngKey } from "../core/rng.js";
import type { Cycle, Metrics } from "../core/seams.js";
import type { Split, Task } from "../core/task.js";
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
  /** One of the engine's (engine/devices), its default where not given. */
  readonly device?: string;
  /** Threads of an operator, from 1; default: Node's availableParallelism(). */
  readonly threads?: number;
  /** Most memory that training a generation may take by its estimate (group-memory), bytes; siblings over it are trained in turn, and where it is given one child that needs more alone is refused. */
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
  | { readonly type: "done"; readonly job: number; readonly metrics?: Metrics }
  | { readonly type: "stopped"; readonly job: number }
  | { readonly type: "failed"; readonly job: number; readonly error: ErrorData };
