// A labelled set of decoded images as read from a file or drawn, before it is shuffled and split.

export interface Rows {
  /** [count, height, width, channels], 0…255. */
  readonly pixels: Uint8Array;
  /** [count], 0…classes-1. */
  readonly labels: Int32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}
