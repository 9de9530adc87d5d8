// One published set, whatever its format, into a sink.

import { badFile } from "../core/errors.js";
import type { SetFormat } from "./catalog-entry.js";
import { readIdx } from "./formats/idx.js";
import { readNpz } from "./formats/npz.js";
import { readOmniglot } from "./formats/omniglot.js";
import { readZip } from "./formats/zip.js";
import type { Sink } from "./sink.js";
import type { Expected, SourceFile } from "./source-file.js";

/** Puts every wanted image of a set into the sink; the files are in the order of the catalog. Throws data/…, task/label-out-of-range. */
export async function readSet(
  format: SetFormat,
  files: readonly SourceFile[],
  expected: Expected,
  sink: Sink,
): Promise<void> {
  const [first, second] = files as readonly [SourceFile, SourceFile];
  switch (format.kind) {
    case "npz":
      return readNpz(first, expected, sink);
    case "idx":
      return readIdx(first, second, expected, sink);
    case "zipped-idx": {
      const members = ["images-idx3", "labels-idx1"].map((part) =>
        memberOf(first, `${format.stem}-${part}-ubyte.gz`),
      ) as [SourceFile, SourceFile];
      return readIdx(...members, expected, sink);
    }
    case "omniglot":
      return readOmniglot(first, expected, sink);
    default:
      format satisfies never;
  }
}

function memberOf({ path, bytes }: SourceFile, name: string): SourceFile {
  const member = readZip(bytes, path).get(name);
  if (!member) throw badFile(path, `no member ${name}`, "the published archive");
  return { path: `${path} (${name})`, bytes: member.read() };
}
