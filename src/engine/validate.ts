// Validates a generation's children (method.md §e.4): always on the same images, in equal batches, prepared only once if
// they are few.

import type { Images } from "../core/task.js";
import type { BatchSource } from "./batch-client.js";
import type { Batch } from "./batches.js";

/** Batches of validation images, and how many images each has. */
interface Cut {
  readonly batches: number;
  readonly size: number;
}

/** The batches of one validation; the same for every call. */
type ValidationSource = () => AsyncIterable<Batch> | Promise<readonly Batch[]>;

/** Validation batches of up to this many bytes stay in memory for all cycles of a generation. */
const HELD_BYTES = 64_000_000;

/** The validation batches of a generation, at each image size; prepared from the call on, so that the first cycle needn't wait. */
export function validationBatchSource(
  images: Images,
  imageSizes: ReadonlyMap<string, number>,
  { batches: count, size }: Cut,
  source: BatchSource,
): ValidationSource {
  const streams = Array.from(imageSizes, ([name, imageSize]) => ({ name, imageSize, preprocessing: null }));
  const plan = { images, streams, batchSize: size, key: null };
  const pixels = streams.reduce((sum, { imageSize }) => sum + imageSize ** 2, 0) * size * count;
  const bytes = pixels * 3 * Float32Array.BYTES_PER_ELEMENT;
  if (bytes > HELD_BYTES) return () => source(plan, 0, count);
  const held = all(source(plan, 0, count, count));
  held.catch(() => {}); // handled where it is awaited
  return () => held;
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Accuracy of every child in [0, 1]: the mean over equal batches. `correct` counts each child's correct answers. */
export async function validate(
  correct: (batch: Batch) => Promise<ArrayLike<number>>,
  children: number,
  { batches, size }: Cut,
  source: ValidationSource,
): Promise<number[]> {
  const right = new Array<number>(children).fill(0);
  for await (const batch of await source()) {
    const counts = await correct(batch);
    for (let child = 0; child < children; child++) right[child] = right[child]! + counts[child]!;
  }
  return right.map((count) => count / (batches * size));
}
