// Where a reader puts the images it decodes: straight into the splits' shared memory, so that a set is never held twice.

import type { Images } from "../core/task.js";

export interface Sink {
  /** Whether the row of the set belongs to a split; a reader need not decode one that doesn't. */
  wants(row: number): boolean;
  /** Stores the pixels [height, width, channels] and the label of a wanted row. */
  put(row: number, label: number, pixels: Uint8Array): void;
}

/** Rows of a set that make up a split, in the split's order. */
export interface Part {
  readonly images: Images;
  readonly rows: Int32Array;
}

/** A sink for a set of `count` rows, each in at most one of the parts. */
export function createSink(count: number, parts: readonly Part[]): Sink {
  const part = new Int8Array(count).fill(-1);
  const index = new Int32Array(count);
  parts.forEach(({ rows }, p) => {
    rows.forEach((row, i) => {
      part[row] = p;
      index[row] = i;
    });
  });
  return {
    wants: (row) => part[row] !== -1,
    put(row, label, pixels) {
      const { images } = parts[part[row]!]!;
      images.pixels.set(pixels, index[row]! * pixels.length);
      images.labels[index[row]!] = label;
    },
  };
}
