// What the readers of published sets are given: files that are known to be the published ones, and what must be in them.

/** A file's bytes and its name for messages. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What the images of a set must be. */
export interface Expected {
  readonly count: number;
  readonly classes: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}
