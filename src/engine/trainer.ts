// The real Trainer: two workers, one for training and one for preparing batches, which talk to each other directly. The main
// thread only reads layers from the store and passes on results.

import { MessageChannel, type Worker } from "node:worker_threads";
import { reviveError, valueNotValid, workerEnded } from "../core/errors/index.js";
import type { LayerId, Model } from "../core/model.js";
import type { Cycle, LayerStore, Metrics, Trainer } from "../core/seams.js";
import type { Images } from "../core/task.js";
import type { Training } from "../core/training.js";
import { spawn } from "../disk/spawn.js";
import { deviceOf } from "./devices.js";
import { defaultThreads } from "./limits.js";
import { silencedInMainThread } from "./telemetry.js";
import type { TrainWorkerData } from "./train-worker.js";
import type { Command, EngineOptions, Job, Report, TrainingMethod } from "./wire.js";

export interface TrainerOptions extends EngineOptions {
  readonly store: Pick<LayerStore, "get">;
  readonly training: Training;
  readonly method: TrainingMethod;
}

/** A trainer that also says what a model sees in images without labels. */
export interface EngineTrainer extends Trainer {
  /** Logits of `model`, [images, classes]. Throws as evaluate. */
  predict(
    model: Pick<Model, "shape" | "path">,
    images: Images,
    signal?: AbortSignal,
  ): Promise<Float32Array<ArrayBuffer>>;
}

/** A trainer with its own workers; they start at once, to be ready for the first job, and end with close(). */
export function createTrainer({ store, training, method, ...given }: TrainerOptions): EngineTrainer {
  const engine = { ...given, threads: given.threads ?? defaultThreads() };
  const { threads, maxBytes } = engine;
  if (!(Number.isInteger(threads) && threads > 0))
    throw valueNotValid("threads", threads, "a whole number from 1");
  if (maxBytes !== undefined && !(maxBytes > 0))
    throw valueNotValid("maxBytes", maxBytes, "a number of bytes above 0");
  deviceOf(engine.engine ?? "onnx", engine.device);
  const open = (): Workers =>
    new Workers({ training, method, ...engine }, (failed) => {
      if (workers === failed) workers = null;
    });
  let workers: Workers | null = open();
  let jobs = 0;

  const start = (of: Job): RunningJob => {
    workers ??= open();
    jobs += 1;
    return workers.start(jobs, of, store);
  };

  /** The report with which a job of one answer ends. */
  const whole = async (of: Job, signal?: AbortSignal): Promise<Report & { type: "done" }> => {
    signal?.throwIfAborted();
    const job = start(of);
    const abort = () => job.stop();
    signal?.addEventListener("abort", abort);
    try {
      const report = await job.next();
      signal?.throwIfAborted();
      if (report.type === "stopped") throw workerEnded("training", "the trainer was closed");
      if (report.type !== "done") throw new Error(`a job of one answer reported ${report.type}`);
      return report;
    } finally {
      signal?.removeEventListener("abort", abort);
      await job.end();
    }
  };

  return {
    async *trainGeneration(plans, task, rng, signal): AsyncGenerator<Cycle> {
      signal?.throwIfAborted();
      if (plans.length === 0) return;
      const job = start({ type: "train", plans, task, key: rng.key });
      const abort = () => job.stop();
      signal?.addEventListener("abort", abort);
      try {
        for (;;) {
          const report = await job.next();
          signal?.throwIfAborted();
          if (report.type === "done") return;
          if (report.type === "stopped") throw workerEnded("training", "the trainer was closed");
          if (report.type === "cycles") {
            job.send({ type: "pull", job: job.id });
            for (const cycle of report.cycles) {
              signal?.throwIfAborted();
              yield cycle;
            }
          }
        }
      } finally {
        signal?.removeEventListener("abort", abort);
        await job.end();
      }
    },

    async evaluate(model, task, split, signal): Promise<Metrics> {
      const { shape, path } = model;
      const { metrics } = await whole({ type: "evaluate", model: { shape, path }, task, split }, signal);
      if (!metrics) throw new Error("an evaluation without metrics");
      return metrics;
    },

    async predict({ shape, path }, images, signal): Promise<Float32Array<ArrayBuffer>> {
      const { logits } = await whole({ type: "predict", model: { shape, path }, images }, signal);
      if (!logits) throw new Error("a prediction without logits");
      return logits;
    },

    async close() {
      const open = workers;
      workers = null;
      await open?.close();
    },
  };
}

/** The two workers and their jobs. */
class Workers {
  readonly #train: Worker;
  readonly #prepare: Worker;
  readonly #jobs = new Map<number, RunningJob>();
  #closing = false;

  constructor(settings: TrainWorkerData["settings"], onEnd: (self: Workers) => void) {
    const { port1, port2 } = new MessageChannel();
    silencedInMainThread(); // before the workers copy the environment
    this.#prepare = spawn(import.meta.url, "batch-worker", {});
    this.#prepare.postMessage(port1, [port1]);
    const workerData: TrainWorkerData = { settings, batchPort: port2 };
    this.#train = spawn(import.meta.url, "train-worker", { workerData, transferList: [port2] });
    this.#train.on("message", (report: Report) => this.#jobs.get(report.job)?.take(report));
    for (const [name, worker] of [["training", this.#train] as const, ["batch", this.#prepare] as const]) {
      const ended = (how: string) => {
        for (const job of this.#jobs.values()) job.fail(workerEnded(name, how)); // close() waits for them
        if (this.#closing) return;
        onEnd(this);
        this.close().catch(() => {});
      };
      worker.on("error", (cause) => ended(cause instanceof Error ? cause.message : String(cause)));
      worker.on("exit", (code) => ended(`exit code ${code}`));
      worker.unref(); // an idle trainer must not keep the process alive; a running job does
    }
  }

  start(id: number, of: Job, store: Pick<LayerStore, "get">): RunningJob {
    const job = new RunningJob(
      id,
      store,
      (command) => this.#train.postMessage(command),
      () => {
        this.#jobs.delete(id);
        if (this.#jobs.size === 0) this.#train.unref();
      },
    );
    this.#jobs.set(id, job);
    this.#train.ref();
    this.#train.postMessage({ type: "start", job: id, of, stop: job.flag } satisfies Command);
    return job;
  }

  /** Stops the running job, waits for it and ends the workers. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#jobs.values()].map((job) => job.end()));
    await Promise.all([this.#train.terminate(), this.#prepare.terminate()]);
  }
}

/** A job as the main thread sees it: its reports, in order. */
class RunningJob {
  readonly flag = new Int32Array(new SharedArrayBuffer(4));
  readonly #reports: Report[] = [];
  readonly #over: Promise<void>;
  #finish: () => void = () => {};
  #wake: () => void = () => {};
  #error: Error | null = null;
  #ended = false;

  constructor(
    readonly id: number,
    readonly store: Pick<LayerStore, "get">,
    readonly send: (command: Command) => void,
    onEnd: () => void,
  ) {
    this.#over = new Promise((resolve) => {
      this.#finish = () => {
        this.#ended = true;
        onEnd();
        resolve();
      };
    });
  }

  take(report: Report): void {
    if (report.type === "need") {
      this.#answer(report.layers).catch((cause: Error) => {
        this.#error ??= cause;
        this.stop();
      });
      return;
    }
    if (report.type === "failed") this.#error ??= reviveError(report.error);
    else this.#reports.push(report);
    if (report.type !== "cycles") this.#finish();
    this.#wake();
  }

  fail(error: Error): void {
    this.#error ??= error;
    this.#finish();
    this.#wake();
  }

  /** The next report. Throws the job's error if it failed. */
  async next(): Promise<Report> {
    for (;;) {
      const report = this.#reports.shift();
      if (report && report.type !== "stopped") return report;
      if (this.#error && (report || this.#ended)) throw this.#error;
      if (report) return report;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  stop(): void {
    Atomics.store(this.flag, 0, 1);
    // Wakes the worker if it is waiting for a pull.
    if (!this.#ended) this.send({ type: "pull", job: this.id });
  }

  /** Stops the job if it is still running and waits until it has ended. */
  async end(): Promise<void> {
    if (!this.#ended) this.stop();
    await this.#over;
  }

  async #answer(ids: readonly LayerId[]): Promise<void> {
    const layers = await Promise.all(ids.map(async (id) => [id, await this.store.get(id)] as const));
    this.send({ type: "layers", job: this.id, layers });
  }
}
