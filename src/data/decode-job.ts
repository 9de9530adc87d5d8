// All sets of a task, decoded into its splits; the work of the decode worker. Sets of encoded images are kept decoded.

import type { Images, Split } from "../core/task.js";
import { decodedPath, readDecoded, writeDecoded } from "./decoded-cache.js";
import { hashData } from "./locate.js";
import type { SetSource } from "./obtain.js";
import { readSet } from "./read-set.js";
import { fingerprint } from "./rows.js";
import { createSink, type Part, type Sink } from "./sink.js";
import type { Expected } from "./source-file.js";

export interface SetJob {
  readonly source: SetSource;
  readonly expected: Expected;
  readonly parts: readonly Part[];
}

/** Everything that decoding needs, as data to send to a worker. Images are in shared memory. */
export interface DecodeJob {
  readonly sets: readonly SetJob[];
  readonly splits: Readonly<Record<Split, Images>>;
  readonly cacheDir: string;
}

/** Decodes all sets and returns the fingerprint of the splits; `onRows` receives the number of images so far. Throws data/…, task/label-out-of-range. */
export async function decodeAll(job: DecodeJob, onRows: (done: number) => void): Promise<string> {
  let done = 0;
  const count = (sink: Sink): Sink => ({
    ...sink,
    put(row, label, pixels) {
      sink.put(row, label, pixels);
      onRows(++done);
    },
  });
  for (const { source, expected, parts } of job.sets)
    if (parts.length > 0)
      await decodeSet(source, expected, count(createSink(expected.count, parts)), parts, job.cacheDir);
  return fingerprint(job.splits);
}

async function decodeSet(
  source: SetSource,
  expected: Expected,
  sink: Sink,
  parts: readonly Part[],
  cacheDir: string,
): Promise<void> {
  const wanted = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  // Decoding a part of a set is faster than hashing and unpacking all of it.
  if (!isEncoded(source) || wanted < expected.count / 4) return readSet(source, expected, sink);
  const path = decodedPath(cacheDir, await identity(source, expected));
  if (readDecoded(path, expected, sink)) return;
  const writer = wanted === expected.count ? await writeDecoded(path, expected) : undefined;
  try {
    await readSet(source, expected, writer ? recorded(sink, writer) : sink);
    writer?.finish();
  } finally {
    writer?.abandon();
  }
}

function recorded(sink: Sink, writer: { add(label: number, pixels: Uint8Array): void }): Sink {
  return {
    ...sink,
    put(row, label, pixels) {
      sink.put(row, label, pixels);
      writer.add(label, pixels);
    },
  };
}

/** Whether decoding takes longer than reading the cache. */
const isEncoded = (source: SetSource): boolean =>
  source.kind !== "pinned" || source.format.kind === "omniglot";

/** Everything that determines the decoded bytes. */
async function identity(source: SetSource, expected: Expected): Promise<unknown> {
  const { count, height, width, channels } = expected;
  const shape = [count, height, width, channels];
  if (source.kind === "pinned") return [source.format, source.files.map(({ file }) => file.sha256), shape];
  const hashes: string[] = [];
  for (const path of source.files) hashes.push(await hashData(path));
  return [source.kind, source.label, source.times, hashes, shape];
}
