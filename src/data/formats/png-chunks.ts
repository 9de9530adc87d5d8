// The outer structure of a PNG: a series of chunks, each with its CRC-32. Decoders skip damaged chunks that they can do
// without (transparency, orientation, profile) and so show a different image; here every chunk must be intact.
// https://www.w3.org/TR/png-3/#5Chunk-layout

import { crc32 } from "node:zlib";

const SIGNATURE_SIZE = 8;
const IEND = 0x49454e44;
const FRAME = 12; // length, type and checksum around a chunk's data

/** The fault of a file that begins like a PNG; undefined if every chunk up to IEND is intact. */
export function pngDamage(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = SIGNATURE_SIZE; at + FRAME <= bytes.length; ) {
    const next = at + FRAME + view.getUint32(at);
    if (next > bytes.length) break;
    const type = bytes.subarray(at + 4, at + 8);
    if (crc32(bytes.subarray(at + 4, next - 4)) !== view.getUint32(next - 4))
      return `a chunk (${printable(type)}) does not match its checksum`;
    if (view.getUint32(at + 4) === IEND) return undefined;
    at = next;
  }
  return `${bytes.length} bytes without its end (it is cut off)`;
}

const printable = (type: Uint8Array): string =>
  Buffer.from(type)
    .toString("latin1")
    .replaceAll(/[^A-Za-z]/g, "?");
