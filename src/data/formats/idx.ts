// Images and labels in the idx format of MNIST, plain or gzip: a magic number that says type and dimensions, the dimensions,
// the values. http://yann.lecun.com/exdb/mnist/ described it. Unpacked as a stream, so that only a piece is in memory,
// however far the file would unpack; the header must fit the task before any image is read.

import { badFile, labelOutOfRange, MulabError } from "../../core/errors/index.js";
import type { Sink } from "../sink.js";
import type { Expected, SourceFile } from "../source-file.js";
import { Chunks, unpacked } from "./chunks.js";

const UNSIGNED_BYTES = 0x08;

/** Puts every wanted image into the sink; the set is the first of the `holds` images in the files. Throws data/bad-file, task/label-out-of-range. */
export async function readIdx(
  imagesFile: SourceFile,
  labelsFile: SourceFile,
  expected: Expected,
  sink: Sink,
  holds = expected.count,
): Promise<void> {
  const { count, height, width, channels, classes } = expected;
  const labels = await reading(labelsFile, [holds], async (chunks) => chunks.take(holds));
  const size = height * width * channels;
  await reading(imagesFile, [holds, height, width], async (chunks) => {
    for (let row = 0; row < holds; row++) {
      const pixels = await chunks.take(size);
      const label = labels[row]!;
      if (pixels.length < size) break; // missing values are reported below, where the end is checked
      if (row >= count) continue; // read to the end anyway, where gzip's checksum is
      if (label >= classes) throw labelOutOfRange(labelsFile.path, row, label, classes);
      if (sink.wants(row)) sink.put(row, label, pixels);
    }
  });
}

/** Checks the header, passes exactly the values to `read`, and checks that the file ends after them. */
async function reading<T>(
  { path, bytes }: SourceFile,
  shape: readonly number[],
  read: (chunks: Chunks) => Promise<T>,
): Promise<T> {
  const wanted = `idx, unsigned bytes [${shape.join(", ")}]`;
  let taken = 0;
  const counted = async function* () {
    for await (const chunk of unpacked(bytes)) {
      taken += chunk.length;
      yield chunk;
    }
  };
  const chunks = new Chunks(counted());
  try {
    const header = await chunks.take(4 + 4 * shape.length);
    const found = describe(header);
    if (found !== wanted) throw badFile(path, found, wanted);
    const result = await read(chunks);
    const total = header.length + shape.reduce((product, side) => product * side, 1);
    if (!(await chunks.ended()))
      throw badFile(path, "bytes after its values", `the end after ${total} bytes`);
    if (taken !== total) throw badFile(path, `${taken} bytes unpacked`, `${total}`);
    return result;
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw badFile(path, `damaged gzip data (${error instanceof Error ? error.message : error})`, wanted);
  } finally {
    await chunks.close();
  }
}

/** The header in words, even if it is not an idx header. */
function describe(header: Uint8Array): string {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 4 || view.getUint16(0) !== 0) return "no idx header";
  const dimensions = view.getUint8(3);
  if (header.length < 4 + 4 * dimensions) return `idx of ${dimensions} dimensions, or cut off`;
  const type = view.getUint8(2);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  return `idx, ${type === UNSIGNED_BYTES ? "unsigned bytes" : `type 0x${type.toString(16)}`} [${shape.join(", ")}]`;
}
