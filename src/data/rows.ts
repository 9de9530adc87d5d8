// Labelled images before and after they are split: rows as a file holds them, and the chosen ones in shared memory.

import { createHash } from "node:crypto";
import type { Images, Split } from "../core/task.js";

/** A whole file's images: pixels [count, height, width, channels] as bytes, labels [count] in 0…classes-1. */
export interface Rows {
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Room for `count` images that every thread can read. */
export function sharedImages(count: number, height: number, width: number, channels: number): Images {
  return {
    pixels: new Uint8Array(new SharedArrayBuffer(count * height * width * channels)),
    labels: new Int32Array(new SharedArrayBuffer(count * 4)),
    count,
    height,
    width,
    channels,
  };
}

/** The chosen rows, in that order, in shared memory. */
export function gather(rows: Rows, chosen: Int32Array): Images {
  const { height, width, channels } = rows;
  const images = sharedImages(chosen.length, height, width, channels);
  const size = height * width * channels;
  for (let i = 0; i < chosen.length; i++) {
    const row = chosen[i]!;
    images.pixels.set(rows.pixels.subarray(row * size, (row + 1) * size), i * size);
    images.labels[i] = rows.labels[row]!;
  }
  return images;
}

/** sha-256 over sizes, pixels and labels of the splits: equal where a run would train and be scored on the same images. */
export function fingerprint(splits: Readonly<Record<Split, Images>>): string {
  const hash = createHash("sha256");
  for (const split of ["train", "validation", "test"] as const) {
    const { pixels, labels, count, height, width, channels } = splits[split];
    hash.update(`${split} ${count} ${height} ${width} ${channels}\n`);
    hash.update(pixels);
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  }
  return hash.digest("hex");
}
