// Labelled images in shared memory: their allocation and their fingerprint.

import { createHash } from "node:crypto";
import type { Images, Split } from "../core/task.js";

/** Memory for `count` images that every thread can read. */
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

/** Bytes hashed in one call; Node refuses 2 GiB. */
const AT_ONCE = 2 ** 30;

/** sha-256 over sizes, pixels and labels of the splits: equal if runs would train and be scored on the same images. */
export function fingerprint(splits: Readonly<Record<Split, Images>>): string {
  const hash = createHash("sha256");
  for (const split of ["train", "validation", "test"] as const) {
    const { pixels, labels, count, height, width, channels } = splits[split];
    hash.update(`${split} ${count} ${height} ${width} ${channels}\n`);
    for (let at = 0; at < pixels.length; at += AT_ONCE) hash.update(pixels.subarray(at, at + AT_ONCE));
    hash.update(new Uint8Array(labels.buffer, labels.byteOffset, labels.byteLength));
  }
  return hash.digest("hex");
}
