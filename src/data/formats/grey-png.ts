// PNGs of one grey channel, decoded here: a drawing of omniglot is 105 × 105 pixels of one bit, and the general decoder
// takes ten times as long over each of the 38,000. No interlacing, no palette, no transparency. Every chunk must match
// its checksum. https://www.w3.org/TR/png-3/

import { inflateSync } from "node:zlib";
import { badImage } from "../../core/errors.js";
import { pngDamage } from "./png-chunks.js";

const SIGNATURE = "\x89PNG\r\n\x1a\n";

/** Bytes [height, width] in 0…255; `path` is for messages. Throws data/bad-image where it is no whole grey PNG of that size. */
export function decodeGreyPng(bytes: Uint8Array, path: string, height: number, width: number): Uint8Array {
  const start = Buffer.from(bytes.subarray(0, 8)).toString("latin1");
  if (start !== SIGNATURE) throw badImage(path, "the bytes of no PNG image");
  const damage = pngDamage(bytes);
  if (damage) throw badImage(path, damage);
  const { header, data } = chunksOf(bytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const wanted = `a PNG of ${width} × ${height} pixels, one grey channel of 1, 2, 4 or 8 bits, not interlaced`;
  if (header.length !== 13) throw badImage(path, "no header", wanted);
  const [depth, color, , , interlace] = header.subarray(8);
  if (view.getUint32(0) !== width || view.getUint32(4) !== height)
    throw badImage(path, `${view.getUint32(0)} × ${view.getUint32(4)} pixels`, wanted);
  if (color !== 0 || interlace !== 0 || ![1, 2, 4, 8].includes(depth!))
    throw badImage(path, `colour type ${color} of ${depth} bits, interlacing ${interlace}`, wanted);
  const rowBytes = Math.ceil((width * depth!) / 8);
  const rows = inflate(data, height * (rowBytes + 1), path);
  return expand(unfilter(rows, height, rowBytes, path), height, width, depth!);
}

/** The header's bytes and all image data, of a PNG whose chunks are known to be whole. */
function chunksOf(bytes: Uint8Array): { header: Uint8Array; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let header: Uint8Array = new Uint8Array(0);
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === 0x49484452 && at === 8) header = data; // IHDR
    if (type === 0x49444154) parts.push(data); // IDAT
    if (type === 0x49454e44) return { header, data: parts.length === 1 ? parts[0]! : Buffer.concat(parts) }; // IEND
    at += 12 + length;
  }
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

/** Undoes each row's filter, which predicts a byte from the one before it and those above. One byte a pixel at most, so "before" is one byte. */
function unfilter(rows: Uint8Array, height: number, rowBytes: number, path: string): Uint8Array {
  const out = new Uint8Array(height * rowBytes);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)]!;
    if (filter > 4) throw badImage(path, `a row with filter ${filter}`);
    const from = y * (rowBytes + 1) + 1;
    const to = y * rowBytes;
    for (let x = 0; x < rowBytes; x++) {
      const left = x > 0 ? out[to + x - 1]! : 0;
      const above = y > 0 ? out[to + x - rowBytes]! : 0;
      const corner = x > 0 && y > 0 ? out[to + x - rowBytes - 1]! : 0;
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

/** Pixels of 1, 2 or 4 bits, the first in the high ones, stretched to 0…255. */
function expand(packed: Uint8Array, height: number, width: number, depth: number): Uint8Array {
  if (depth === 8) return packed;
  const pixels = new Uint8Array(height * width);
  const rowBytes = packed.length / height;
  const most = (1 << depth) - 1;
  const scale = 255 / most;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)]!;
      pixels[y * width + x] = ((byte >> (8 - depth - (bit & 7))) & most) * scale;
    }
  return pixels;
}
