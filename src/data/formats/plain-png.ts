// Decodes the PNGs that data sets use: one grey channel of 1, 2, 4 or 8 bits, or 8-bit RGB, not interlaced and without
// transparency. A drawing of omniglot has 105 × 105 one-bit pixels, and the general decoder would take ten times as long for
// each of the 38,000. Every chunk must match its checksum. https://www.w3.org/TR/png-3/

import { inflateSync } from "node:zlib";
import { badImage } from "../../core/errors/index.js";
import { onWhite, type Pixels } from "./pixels.js";
import { pngDamage } from "./png-chunks.js";

export interface PlainPng {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Bits per channel. */
  readonly depth: number;
  /** The deflated rows. */
  readonly data: Uint8Array;
}

const SIGNATURE = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const [IHDR, IDAT, IEND, TRNS] = [0x49484452, 0x49444154, 0x49454e44, 0x74524e53];

/** The header of a PNG; undefined if the bytes are not a PNG, or one for the general decoder. Throws data/bad-image if it is damaged. */
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

/** Bytes [height, width, channels] in 0…255. Allocates what the header declares, so check that first. Throws data/bad-image. */
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

/** Values of a pixel by colour type: grey, RGB, palette, grey and alpha, RGB and alpha. */
const VALUES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const [PLTE, ICCP, EXIF] = [0x504c5445, 0x69434350, 0x65584966];

/**
 * Any PNG of up to 8 bits per channel that is not interlaced, on white where it is transparent; undefined where the general
 * decoder is needed (16 bits, a colour profile, EXIF, a transparent colour) or where it has more than `mostPixels`. Throws
 * data/bad-image where it is damaged.
 */
export function decodeSmallPng(bytes: Uint8Array, path: string, mostPixels: number): Pixels | undefined {
  if (bytes.length < 33 || SIGNATURE.compare(bytes, 0, 8) !== 0) return undefined;
  const damage = pngDamage(bytes);
  if (damage) throw badImage(path, damage);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== IHDR) return undefined;
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth = 0, color = 0, compression, filter, interlace] = bytes.subarray(24, 29);
  const values = VALUES[color];
  const isSmall = width > 0 && height > 0 && width * height <= mostPixels;
  const isDepth = color === 0 || color === 3 ? [1, 2, 4, 8].includes(depth) : depth === 8;
  if (values === undefined || !isSmall || !isDepth || compression || filter || interlace) return undefined;
  const parts: Uint8Array[] = [];
  let palette: Uint8Array | undefined;
  let alphas: Uint8Array | undefined;
  for (let at = 8; ; ) {
    const length = view.getUint32(at);
    const type = view.getUint32(at + 4);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (type === IDAT) parts.push(data);
    if (type === PLTE) palette = data;
    if (type === TRNS) alphas = data;
    if (type === ICCP || type === EXIF || (type === TRNS && color !== 3)) return undefined;
    if (type === IEND) break;
    at += 12 + length;
  }
  const rowBytes = Math.ceil((width * values * depth) / 8);
  const packed = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const rows = inflate(packed, height * (rowBytes + 1), path);
  const stored = unfilter(rows, height, rowBytes, Math.max(1, (values * depth) >> 3), path);
  if (color === 3)
    return {
      width,
      height,
      channels: 3,
      data: fromPalette(unpacked(stored, height, width, depth), palette, alphas, path),
    };
  const data = expand(stored, height, width * values, depth);
  if (color === 0) return { width, height, channels: 1, data };
  if (color === 2) return { width, height, channels: 3, data };
  return { width, height, channels: 3, data: onWhite(color === 6 ? data : rgbaOf(data)) };
}

function fromPalette(
  indices: Uint8Array,
  palette: Uint8Array | undefined,
  alphas: Uint8Array | undefined,
  path: string,
): Uint8Array {
  if (!palette || palette.length % 3 !== 0) throw badImage(path, "no whole palette");
  const rgba = new Uint8Array(indices.length * 4);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index * 3 >= palette.length)
      throw badImage(path, `colour ${index} of a palette of ${palette.length / 3}`);
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = palette[index * 3 + c]!;
    rgba[i * 4 + 3] = alphas?.[index] ?? 255;
  }
  return onWhite(rgba);
}

function rgbaOf(greyAlpha: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(greyAlpha.length * 2);
  for (let i = 0, to = 0; i < greyAlpha.length; i += 2) {
    for (let c = 0; c < 3; c++) rgba[to++] = greyAlpha[i]!;
    rgba[to++] = greyAlpha[i + 1]!;
  }
  return rgba;
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
  const first = Math.min(step, rowBytes); // bytes with no pixel before them
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (rowBytes + 1)]!;
    const from = y * (rowBytes + 1) + 1;
    const to = y * rowBytes;
    const up = to - rowBytes;
    // The row above the first is all zeros.
    const kind = y > 0 ? filter : filter === 2 ? 0 : filter === 4 ? 1 : filter;
    switch (kind) {
      case 0:
        out.set(rows.subarray(from, from + rowBytes), to);
        break;
      case 1:
        for (let x = 0; x < first; x++) out[to + x] = rows[from + x]!;
        for (let x = first; x < rowBytes; x++) out[to + x] = rows[from + x]! + out[to + x - step]!;
        break;
      case 2:
        for (let x = 0; x < rowBytes; x++) out[to + x] = rows[from + x]! + out[up + x]!;
        break;
      case 3:
        for (let x = 0; x < rowBytes; x++) {
          const left = x >= step ? out[to + x - step]! : 0;
          const above = y > 0 ? out[up + x]! : 0;
          out[to + x] = rows[from + x]! + ((left + above) >> 1);
        }
        break;
      case 4:
        for (let x = 0; x < first; x++) out[to + x] = rows[from + x]! + out[up + x]!;
        for (let x = first; x < rowBytes; x++)
          out[to + x] = rows[from + x]! + paeth(out[to + x - step]!, out[up + x]!, out[up + x - step]!);
        break;
      default:
        throw badImage(path, `a row with filter ${filter}`);
    }
  }
  return out;
}

/** The one of left, above and corner that is nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Values of 1, 2 or 4 bits stretched to 0…255. */
function expand(packed: Uint8Array, height: number, values: number, depth: number): Uint8Array {
  if (depth === 8) return packed;
  const scale = 255 / ((1 << depth) - 1);
  return unpacked(packed, height, values, depth).map((value) => value * scale);
}

/** Values of 1, 2 or 4 bits, the first in the high ones, as they are. */
function unpacked(packed: Uint8Array, height: number, values: number, depth: number): Uint8Array {
  if (depth === 8) return packed;
  const out = new Uint8Array(height * values);
  const rowBytes = packed.length / height;
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < values; x++) {
      const bit = x * depth;
      const byte = packed[y * rowBytes + (bit >> 3)]!;
      out[y * values + x] = (byte >> (8 - depth - (bit & 7))) & most;
    }
  return out;
}
