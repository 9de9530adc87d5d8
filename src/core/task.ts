// A task with its images in memory, as training and evaluation see it.

import type { Access, TaskName } from "./model.js";

export type Split = "train" | "validation" | "test";

/** Decoded images: pixels [count, height, width, channels] as bytes 0…255, labels [count] in 0…classes-1. Shared memory, so a worker reads them without a copy. */
export interface Images {
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface Task {
  readonly name: TaskName;
  readonly access: Access;
  readonly classes: number;
  readonly splits: Readonly<Record<Split, Images>>;
  /** sha-256 over the decoded splits: a resumed run must train on the same images. */
  readonly fingerprint: string;
  /** Where the images came from, in a few words for tables: "cmaterdb (published files)", "generated glyphs". */
  readonly source: string;
}
