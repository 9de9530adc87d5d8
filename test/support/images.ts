// Makes image files and folders of them for tests: PNGs by hand, so that every field can be wrong in a chosen way,
// the other kinds by an encoder.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

export interface PngFields {
  readonly width: number;
  readonly height: number;
  /** Bits a channel. */
  readonly depth?: 1 | 8 | 16;
  /** 0 grey, 2 RGB, 4 grey and alpha, 6 RGB and alpha. */
  readonly color?: 0 | 2 | 4 | 6;
  /** Chunks between the header and the pixels. */
  readonly extra?: readonly Uint8Array[];
}

/** A chunk with its length and checksum. */
export function chunk(type: string, data: Uint8Array): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(named.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(named, 4);
  whole.writeUInt32BE(crc32(named), named.length + 4);
  return whole;
}

/** A PNG whose pixels are `bytes`, rows one after another as the file stores them (16 bits high byte first). */
export function png(fields: PngFields, bytes: Uint8Array): Buffer {
  const { width, depth = 8, color = 2 } = fields;
  const rowBytes = Math.ceil((width * depth * { 0: 1, 2: 3, 4: 2, 6: 4 }[color]) / 8);
  const count = bytes.length / rowBytes;
  const rows = Buffer.alloc(count * (rowBytes + 1)); // each begins with its filter, 0
  for (let y = 0; y < count; y++)
    rows.set(bytes.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  return pngOfRows(fields, rows);
}

/** A PNG of whatever its header declares and whatever rows, before deflate, it has. */
export function pngOfRows(
  { width, height, depth = 8, color = 2, extra = [] }: PngFields,
  rows: Uint8Array,
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, color, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    ...extra,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** RGB bytes [size, size, 3] in which no two of the first thousand images are alike. */
export const pattern = (size: number, index: number): Uint8Array =>
  Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * (7 + (index % 31)) + index * 13) % 256);

/** The pattern as a PNG of that size. */
export const patternPng = (size: number, index: number): Buffer =>
  png({ width: size, height: size }, pattern(size, index));

/** The pattern in another kind of file. */
export function encoded(
  kind: "jpeg" | "progressive jpeg" | "webp" | "lossless webp",
  size: number,
  index = 0,
) {
  const raw = sharp(pattern(size, index), { raw: { width: size, height: size, channels: 3 } });
  switch (kind) {
    case "jpeg":
      return raw.jpeg().toBuffer();
    case "progressive jpeg":
      return raw.jpeg({ progressive: true }).toBuffer();
    case "webp":
      return raw.webp().toBuffer();
    case "lossless webp":
      return raw.webp({ lossless: true }).toBuffer();
  }
}

/** Writes files by their path below `folder`. */
export function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

/** Writes `counts[path]` different PNGs of 4 × 4 into each folder below `folder`; gives `folder`. */
export function writeClasses(folder: string, counts: Readonly<Record<string, number>>): string {
  let index = 0;
  for (const [path, count] of Object.entries(counts)) {
    mkdirSync(join(folder, path), { recursive: true });
    for (let i = 0; i < count; i++) writeFiles(folder, { [`${path}/${i}.png`]: patternPng(4, index++) });
  }
  return folder;
}
