// A file of named tensors, read one tensor at a time: a checkpoint of hundreds of megabytes is never in memory as a whole,
// and what a root leaves out (upper blocks, the old head) is never read.

export interface TensorFile {
  readonly path: string;
  /** The shapes of the tensors, by the format's own names. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  readonly metadata: Readonly<Record<string, string>>;
  /** The values of a tensor, row-major, as float32. Throws root/bad-file. */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}
