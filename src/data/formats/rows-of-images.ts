// Puts encoded images into a sink: decodes several at once, and keeps the order of their rows.

import { labelOutOfRange } from "../../core/errors/index.js";
import type { Sink } from "../sink.js";
import type { Expected } from "../source-file.js";
import { decodeEncoded } from "./encoded-image.js";

/** A wanted row of a set, still encoded. */
export interface EncodedRow {
  readonly row: number;
  readonly label: number;
  readonly bytes: Uint8Array;
  /** For messages. */
  readonly where: string;
}

const AT_ONCE = 16;

/** Decodes and puts all rows; `times` multiplies the bytes. Throws data/bad-image, task/label-out-of-range. */
export async function putEncoded(
  rows: AsyncIterable<EncodedRow>,
  expected: Expected,
  times: number,
  sink: Sink,
): Promise<void> {
  let waiting: EncodedRow[] = [];
  const flush = async () => {
    const decoded = await Promise.all(
      waiting.map(async ({ bytes, where }) => scaled(await decodeEncoded(bytes, where, expected), times)),
    );
    waiting.forEach(({ row, label }, i) => {
      sink.put(row, label, decoded[i]!);
    });
    waiting = [];
  };
  for await (const row of rows) {
    const { label, where } = row;
    if (!(Number.isInteger(label) && label >= 0 && label < expected.classes))
      throw labelOutOfRange(where, row.row, label, expected.classes);
    waiting.push(row);
    if (waiting.length === AT_ONCE) await flush();
  }
  await flush();
}

function scaled(pixels: Uint8Array, times: number): Uint8Array {
  return times === 1 ? pixels : pixels.map((value) => Math.min(255, value * times));
}
