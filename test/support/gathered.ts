// A sink that keeps every image of a set in memory of its own, for tests of the readers.

import type { Sink } from "../../src/data/sink.js";

export interface Gathered extends Sink {
  /** [count, size] of all rows that were put; zeros elsewhere. */
  readonly pixels: Uint8Array;
  /** -1 where no row was put. */
  readonly labels: Int32Array;
  /** Rows in the order in which they came. */
  readonly order: readonly number[];
}

/** Keeps rows of `size` bytes; `wants` says which, all by default. */
export function gathered(
  count: number,
  size: number,
  wants: (row: number) => boolean = () => true,
): Gathered {
  const pixels = new Uint8Array(count * size);
  const labels = new Int32Array(count).fill(-1);
  const order: number[] = [];
  return {
    pixels,
    labels,
    order,
    wants,
    put(row, label, image) {
      if (image.length !== size) throw new Error(`${image.length} bytes for an image of ${size}`);
      pixels.set(image, row * size);
      labels[row] = label;
      order.push(row);
    },
  };
}
