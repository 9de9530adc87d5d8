// TFRecord files: records one after another, each a length, the length's checksum, the bytes and their checksum.
// https://www.tensorflow.org/tutorials/load_data/tfrecord. One record is held at a time.

import { createReadStream } from "node:fs";
import { badFile, MulabError } from "../../core/errors/index.js";
import { Chunks } from "./chunks.js";
import { maskedCrc32c } from "./crc32c.js";

/** Most bytes of a record, 64 MiB, as of an encoded image. */
const MOST_BYTES = 2 ** 26;

/** The file's records in order; undefined, unchecked, for those that `wants` refuses. Throws data/bad-file. */
export async function* readRecords(
  path: string,
  wants: (index: number) => boolean,
): AsyncGenerator<Uint8Array | undefined> {
  const chunks = new Chunks(createReadStream(path, { highWaterMark: 1 << 18 }));
  const bad = (index: number, found: string, expected = "whole TFRecord data") =>
    badFile(`${path}, record ${index}`, found, expected);
  try {
    for (let index = 0; !(await chunks.ended()); index++) {
      const head = await chunks.take(12);
      if (head.length < 12) throw bad(index, "it is cut off");
      const view = new DataView(head.buffer, head.byteOffset, 12);
      if (maskedCrc32c(head.subarray(0, 8)) !== view.getUint32(8, true))
        throw bad(index, "its length does not match its checksum");
      const length = Number(view.getBigUint64(0, true));
      if (length > MOST_BYTES) throw bad(index, `${length} bytes`, `at most ${MOST_BYTES}`);
      const body = await chunks.take(length + 4);
      if (body.length < length + 4) throw bad(index, "it is cut off");
      if (!wants(index)) {
        yield undefined;
        continue;
      }
      const bytes = body.subarray(0, length);
      if (maskedCrc32c(bytes) !== new DataView(body.buffer, body.byteOffset + length, 4).getUint32(0, true))
        throw bad(index, "its bytes do not match their checksum");
      yield bytes;
    }
  } catch (error) {
    if (error instanceof MulabError) throw error;
    throw badFile(path, String((error as NodeJS.ErrnoException).code ?? error), "a file that may be read");
  } finally {
    await chunks.close();
  }
}
