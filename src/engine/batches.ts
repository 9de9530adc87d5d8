// The examples of each batch and their preparation, as pure functions of the generation's stream. The batch worker calls
// them ahead of time; nothing here knows about workers.

import type { ErrorData } from "../core/errors/index.js";
import type { Preprocessing } from "../core/hyperparams.js";
import { type Rng, type RngKey, rngFromKey } from "../core/rng.js";
import type { Images } from "../core/task.js";
import { prepareEvalBatch, prepareTrainBatch } from "../data/preprocess.js";

/** Images as one group of children needs them. */
export interface Stream {
  readonly name: string;
  readonly imageSize: number;
  /** Null: nothing random, as for validation. */
  readonly preprocessing: Preprocessing | null;
}

/** Everything that determines the batches of a job. */
export interface BatchPlan {
  readonly images: Images;
  readonly streams: readonly Stream[];
  readonly batchSize: number;
  /** Stream of random numbers for order and augmentation; null for evaluation, which goes through the images in order. */
  readonly key: RngKey | null;
}

/** One batch for every stream. Labels are -1 behind the last example of a split. */
export interface Batch {
  readonly images: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  readonly labels: Float32Array<ArrayBuffer>;
}

export const emptyBatch = ({ streams, batchSize }: BatchPlan): Batch => ({
  images: Object.fromEntries(
    streams.map(({ name, imageSize }) => [name, new Float32Array(batchSize * imageSize * imageSize * 3)]),
  ),
  labels: new Float32Array(batchSize),
});

/** Fills batches of a plan, by number from 0. */
export class BatchMaker {
  readonly #order: ExampleOrder | null;
  readonly #rng: Rng | null;

  constructor(readonly plan: BatchPlan) {
    this.#rng = plan.key && rngFromKey(plan.key);
    this.#order = this.#rng && new ExampleOrder(plan.images.count, this.#rng);
  }

  fill(number: number, batch: Batch): void {
    if (this.#order && this.#rng) this.#fillTraining(number, batch, this.#order, this.#rng);
    else this.#fillEvaluation(number, batch);
  }

  #fillTraining(number: number, batch: Batch, order: ExampleOrder, rng: Rng): void {
    const { images, streams, batchSize } = this.plan;
    const indices = order.indices(number * batchSize, batchSize);
    indices.forEach((index, i) => {
      batch.labels[i] = images.labels[index]!;
    });
    // The same draws for every stream, so that a child's images don't depend on its siblings.
    for (const { name, preprocessing } of streams)
      if (preprocessing)
        prepareTrainBatch(
          images,
          indices,
          preprocessing,
          rng.child(`augment/${number}`),
          batch.images[name]!,
        );
  }

  #fillEvaluation(number: number, batch: Batch): void {
    const { images, streams, batchSize } = this.plan;
    const start = number * batchSize;
    const count = Math.min(batchSize, images.count - start);
    for (let i = 0; i < batchSize; i++) batch.labels[i] = i < count ? images.labels[start + i]! : -1;
    for (const { name, imageSize } of streams) {
      const out = batch.images[name]!;
      prepareEvalBatch(images, start, count, imageSize, out);
      out.fill(0, count * imageSize * imageSize * 3);
    }
  }
}

/** The examples in the order of training: every epoch is a shuffle of its own, and batches cross its borders (§e.1, §e.3). */
export class ExampleOrder {
  readonly #epochs = new Map<number, Int32Array>();

  constructor(
    readonly count: number,
    readonly rng: Rng,
  ) {}

  /** Examples number `start` … `start + length - 1` of the endless sequence. */
  indices(start: number, length: number): Int32Array {
    return Int32Array.from({ length }, (_, i) => {
      const at = start + i;
      return this.#epoch(Math.floor(at / this.count))[at % this.count]!;
    });
  }

  #epoch(epoch: number): Int32Array {
    const known = this.#epochs.get(epoch);
    if (known) return known;
    const stream = this.rng.child(`epoch/${epoch}`);
    const order = Int32Array.from({ length: this.count }, (_, i) => i);
    for (let i = this.count - 1; i > 0; i--) {
      const j = stream.int(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    this.#epochs.delete(epoch - 2);
    this.#epochs.set(epoch, order);
    return order;
  }
}

/** What the batch worker is sent. */
export type BatchOrder =
  | { readonly type: "open"; readonly plan: number; readonly of: BatchPlan }
  | { readonly type: "fill"; readonly plan: number; readonly number: number; readonly into: Batch | null }
  | { readonly type: "close"; readonly plan: number };

/** What it answers. */
export type BatchReply = { readonly plan: number; readonly number: number } & (
  | { readonly batch: Batch }
  | { readonly error: ErrorData }
);

/** Everything in a batch that can be handed over. */
export const buffersOf = (batch: Batch): ArrayBuffer[] => [
  batch.labels.buffer,
  ...Object.values(batch.images).map(({ buffer }) => buffer),
];
