// The training worker: takes jobs, requests layers that it doesn't have yet, trains or evaluates, and reports. It starts at
// most one cycle beyond those that were pulled, so not pulling is a pause.

import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { describeError } from "../core/errors/index.js";
import { decodeLayer, type LayerContent } from "../core/layer-codec.js";
import type { LayerId } from "../core/model.js";
import { rngFromKey } from "../core/rng.js";
import type { Cycle } from "../core/seams.js";
import { batchClient } from "./batch-client.js";
import type { Engine } from "./engine.js";
import { evaluateModel, predictLogits } from "./evaluate.js";
import { trainGeneration } from "./replicas.js";
import type { TrainContext } from "./train.js";
import type { Command, Job, LayerBytes, Report, WorkerSettings } from "./wire.js";

export interface TrainWorkerData {
  readonly settings: WorkerSettings;
  readonly batchPort: MessagePort;
}

/** Cycles that may be trained ahead of the last pull, so that a busy main thread does not hold up training. */
const AHEAD = 1;

class Stopped extends Error {}

async function openEngine({ engine = "onnx", device, threads }: WorkerSettings): Promise<Engine> {
  if (engine === "tfjs") {
    const { tfjsEngine } = await import("./tfjs.js");
    return tfjsEngine({ device });
  }
  const { onnxEngine } = await import("./onnx.js");
  return onnxEngine({ device, threads });
}

/** Serves jobs on `port`. */
export function serveTraining(port: MessagePort, { settings, batchPort }: TrainWorkerData): void {
  const batches = batchClient(batchPort);
  const cache = new LayerCache();
  const engine = openEngine(settings);
  engine.catch(() => {}); // the first job reports it
  const listeners = new Map<number, (command: Command) => void>();
  const report = (message: Report, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

  port.on("message", (command: Command) => {
    if (command.type === "start")
      run(command.job, command.of, command.stop).catch((cause: unknown) => fail(command.job, cause));
    else listeners.get(command.job)?.(command);
  });
  const fail = (job: number, cause: unknown) =>
    report(
      cause instanceof Stopped
        ? { type: "stopped", job }
        : { type: "failed", job, error: describeError(cause) },
    );

  async function run(job: number, of: Job, stop: Int32Array<SharedArrayBuffer>): Promise<void> {
    const inbox = new Inbox();
    listeners.set(job, (command) => inbox.take(command));
    const check = () => {
      if (Atomics.load(stop, 0) !== 0) throw new Stopped();
    };
    try {
      const needed = layersOf(of);
      const missing = needed.filter((id) => !cache.has(id));
      if (missing.length > 0) {
        report({ type: "need", job, layers: missing });
        for (const [id, bytes] of await inbox.layers(check))
          cache.put(id, decodeLayer(bytes, `Layer ${id.slice(0, 8)}`));
      }
      const { training, method, maxBytes } = settings;
      const layers = cache.take(needed);
      const context: TrainContext = {
        engine: await engine,
        batches,
        training,
        method,
        layers,
        maxBytes,
        check,
      };
      if (of.type === "evaluate") {
        report({ type: "done", job, metrics: await evaluateModel(of.model, of.task, of.split, context) });
        return;
      }
      if (of.type === "predict") {
        const logits = await predictLogits(of.model, of.images, context);
        report({ type: "done", job, logits }, [logits.buffer]);
        return;
      }
      let cycles = 0;
      for await (const items of trainGeneration(of.plans, of.task, rngFromKey(of.key), context)) {
        report({ type: "cycles", job, cycles: items }, buffersOf(items));
        cycles += 1;
        await inbox.pulled(cycles - AHEAD, check);
      }
      report({ type: "done", job });
    } finally {
      listeners.delete(job);
    }
  }
}

/** Replicas share the bytes of their layers, but a buffer can be transferred only once. */
const buffersOf = (cycles: readonly Cycle[]): ArrayBuffer[] => [
  ...new Set(cycles.flatMap(({ kept }) => (kept ?? []).map(({ bytes }) => bytes.buffer as ArrayBuffer))),
];

/** Ids of the layers of the store that a job reads. */
function layersOf(job: Job): LayerId[] {
  const ids =
    job.type !== "train"
      ? job.model.path.map(({ id }) => id)
      : job.plans.flatMap(({ positions }) =>
          positions.flatMap(({ source }) => (source.how === "init" ? [] : [source.layer.id])),
        );
  return [...new Set(ids)];
}

/** Messages to a running job. */
class Inbox {
  #layers: LayerBytes | null = null;
  #pulls = 0;
  #wake: () => void = () => {};

  take(command: Command): void {
    if (command.type === "layers") this.#layers = command.layers;
    if (command.type === "pull") this.#pulls += 1;
    this.#wake();
  }

  /** Also woken by a stop, which comes with a pull. */
  async layers(check: () => void): Promise<LayerBytes> {
    while (!this.#layers) await this.#message(check);
    return this.#layers;
  }

  async pulled(count: number, check: () => void): Promise<void> {
    check();
    while (this.#pulls < count) await this.#message(check);
  }

  async #message(check: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    check();
  }
}

/** A cache of the most recently used decoded layers. */
class LayerCache {
  static readonly #maxValues = 64_000_000;
  readonly #layers = new Map<LayerId, LayerContent>();
  #values = 0;

  has(id: LayerId): boolean {
    return this.#layers.has(id);
  }

  put(id: LayerId, layer: LayerContent): void {
    this.#layers.set(id, layer);
    this.#values += valuesOf(layer);
  }

  /** The layers of a job; if there are too many, drops others, oldest first. */
  take(ids: readonly LayerId[]): ReadonlyMap<LayerId, LayerContent> {
    const taken = new Map(ids.map((id) => [id, this.#layers.get(id)!]));
    for (const [id, layer] of taken) {
      this.#layers.delete(id);
      this.#layers.set(id, layer);
    }
    for (const [id, layer] of this.#layers) {
      if (this.#values <= LayerCache.#maxValues || taken.has(id)) break;
      this.#layers.delete(id);
      this.#values -= valuesOf(layer);
    }
    return taken;
  }
}

const valuesOf = ({ tensors }: LayerContent): number =>
  Object.values(tensors).reduce((sum, { data }) => sum + 2 * data.length, 0);

if (parentPort) serveTraining(parentPort, workerData as TrainWorkerData);
