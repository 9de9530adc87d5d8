// Reads one published set into a sink, wherever its files are and whatever their format. Pinned files are verified first.

import type { SetFormat } from "./catalog-entry.js";
import { readIdx } from "./formats/idx.js";
import { readNpz } from "./formats/npz.js";
import { readOmniglot } from "./formats/omniglot.js";
import { readParquet } from "./formats/parquet.js";
import { readTfds } from "./formats/tfds.js";
import { readZipMember } from "./formats/zip.js";
import { readVerified, verifyFile } from "./locate.js";
import type { FoundFile, SetSource } from "./obtain.js";
import type { Sink } from "./sink.js";
import { type Expected, openBytes, openFile, type SourceFile } from "./source-file.js";

/** Puts every wanted image of a set into the sink. Throws data/…, task/label-out-of-range. */
export function readSet(source: SetSource, expected: Expected, sink: Sink): Promise<void> {
  switch (source.kind) {
    case "pinned":
      return readPinned(source.format, source.files, expected, sink);
    case "tfds":
      return readTfds(source, expected, sink);
    case "parquet":
      return readParquet(source, expected, sink);
  }
}

async function readPinned(
  format: SetFormat,
  files: readonly FoundFile[],
  expected: Expected,
  sink: Sink,
): Promise<void> {
  const [first, second] = files as readonly [FoundFile, FoundFile];
  switch (format.kind) {
    case "npz":
      return readNpz(await verified(first), expected, sink);
    case "idx":
      return readIdx(await verified(first), await verified(second), expected, sink);
    case "zipped-idx":
      return readZippedIdx(first, format, expected, sink);
    case "omniglot":
      return readOmniglot(await verified(first), expected, sink);
  }
}

async function verified({ file, path, bytes }: FoundFile): Promise<SourceFile> {
  return { path, bytes: bytes ?? (await readVerified(path, file)) };
}

/** The archive may be larger than memory; its two members are read one at a time. */
async function readZippedIdx(
  { file, path, bytes }: FoundFile,
  { stem, holds }: Extract<SetFormat, { kind: "zipped-idx" }>,
  expected: Expected,
  sink: Sink,
): Promise<void> {
  if (!bytes) await verifyFile(path, file);
  const archive = bytes ? openBytes({ path, bytes }) : await openFile(path);
  try {
    const member = async (name: string) => ({
      path: `${path} (${name})`,
      bytes: await readZipMember(archive, name),
    });
    const labels = await member(`${stem}-labels-idx1-ubyte.gz`);
    const images = await member(`${stem}-images-idx3-ubyte.gz`);
    await readIdx(images, labels, expected, sink, holds);
  } finally {
    await archive.close();
  }
}
