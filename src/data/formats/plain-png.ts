// PNGs as data sets have them, decoded here: one grey channel of 1, 2, 4 or 8 bits, or RGB of 8, not interlaced and with no
// transparency. A drawing of omniglot is 105 × 105 pixels of one bit, and the general decoder takes ten times as long
// over each of the 38,000. Every chunk must match its checksum. https://www.w3.org/TR/png-3/

import { inflateSync } from "node:zlib";
import { badImage } from "../../core/errors.js";
import { pngDamage } from "./png-chunks.js";

export interface PlainPng {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Bits a channel. */
  readonly depth: number;
  /** The deflated rows. */
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const [IHDR, IDAT, IEND, TRNS] = [0x49484452, 0x49444154, 0x49454e44, 0x74524e53];

/** What a PNG's header says; undefined where the bytes are no PNG or one for the general decoder. Throws data/bad-image where it is damaged. */
export function plainPng(bytes: Uint8Array, path: string): PlainPng | undefined {
  if (bytes.length < 33 || SIGNATURE.compare(bytes, 0, 8) !== 0) return undefined;
  const damage = pngDamage(bytes);
  if (damage) throw badImage(path, damage);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return undefined;
  const [depth, color, compression, filter, interlace] = bytes.subarray(24, 29);
  const grey = color === 0 && [1, 2, 4, 8].includes(depth!);
  if (!(grey || (color === 2 && depth === 8)) || compression || filter || interlace) return undefined;
  const parts: Uint8Array[] = [];
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (type === IDAT) parts.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === TRNS) return undefined;
    if (type === IEND) break;
    at += 12 + length;
  }
  const data = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  return {
    height: view.getUint32(20),
    width: view.getUint32(16),
    channels: grey ? 1 : 3,
    depth: depth!,
    data,
  };
}

/** Bytes [height, width, channels] in 0…255; room is made for what the header declares, so check that first. Throws data/bad-image. */
export function decodePlainPng({ height, width, channels, depth, data }: PlainPng, path: string): Uint8Array {
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const rows = inflate(data, height * (rowBytes + 1), path);
  return expand(unfilter(rows, height, rowBytes, channels, path), height, width * channels, depth);
}

function inflate(data: Uint8Array, size: number, path: string): Uint8Array {
  let rows: Uint8Array;
  try {
    rows = inflateSync(data, { maxOutputLength: size });
  } catch (error) {
    throw badImage(path, `damaged pixels (${error instanceof Error ? error.message : error})`);
  }
  if (rows.length !== size) throw badImage(path, `${rows.length} bytes of pixels instead of ${size}`);
  return rows;
}

/** Undoes each row's filter, which predicts a byte from the one a pixel (`step` bytes) before it and those above. */
function unfilter(
  rows: Uint8Array,
  height: number,
  rowBytes: number,
  step: number,
  path: string,
): Uint8Array {
  const out = new Uint8Array(height * rowBytes);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)]!;
    if (filter > 4) throw badImage(path, `a row with filter ${filter}`);
    const from = y * (rowBytes + 1) + 1;
    const to = y * rowBytes;
    for (let x = 0; x < rowBytes; x++) {
      const left = x >= step ? out[to + x - step]! : 0;
      const above = y > 0 ? out[to + x - rowBytes]! : 0;
      const corner = x >= step && y > 0 ? out[to + x - rowBytes - step]! : 0;
      out[to + x] = rows[from + x]! + predicted(filter, left, above, corner);
    }
  }
  return out;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const estimate = left + above - corner;
  const toLeft = Math.abs(estimate - left);
  const toAbove = Math.abs(estimate - above);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Values of 1, 2 or 4 bits, the first in the high ones, stretched to 0…255. */
function expand(packed: Uint8Array, height: number, values: number, depth: number): Uint8Array {
  if (depth === 8) return packed;
  const out = new Uint8Array(height * values);
  const rowBytes = packed.length / height;
  const most = (1 << depth) - 1;
  const scale = 255 / most;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < values; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)]!;
      out[y * values + x] = ((byte >> (8 - depth - (bit & 7))) & most) * scale;
    }
  return out;
}
