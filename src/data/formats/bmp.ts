// Windows bitmaps: 1, 4, 8, 16, 24 and 32 bits per pixel, plain, run-length coded or with bit masks, either row first. Read
// strictly: what is cut off or reaches outside is an error.
// https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage

import { badImage } from "../../core/errors/index.js";
import { onWhite, type Pixels } from "./pixels.js";

export interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly compression: number;
  /** Bytes of the header that follows the file's own 14. */
  readonly headerSize: number;
  /** Where the pixels begin. */
  readonly start: number;
  /** Colours in the palette. */
  readonly colors: number;
}

const [RGB, RLE8, RLE4, BITFIELDS, ALPHA_BITFIELDS] = [0, 1, 2, 3, 6];
const FILE_HEADER = 14;

/** Undefined for files of other kinds; throws data/bad-image if the header is damaged or of an unsupported form. */
export function bmpHeader(bytes: Uint8Array, path: string): BmpHeader | undefined {
  if (bytes[0] !== 0x42 || bytes[1] !== 0x4d) return undefined;
  const bad = (found: string) => badImage(path, found);
  if (bytes.length < 26) throw bad(`${bytes.length} bytes (it is cut off)`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(10, true);
  const headerSize = view.getUint32(14, true);
  if (headerSize === 12) {
    const bits = view.getUint16(24, true);
    const header = {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      isTopDown: false,
      bits,
    };
    return checked(
      { ...header, compression: RGB, headerSize, start, colors: bits <= 8 ? 2 ** bits : 0 },
      bytes,
      bad,
    );
  }
  if (headerSize < 40 || headerSize > 1024 || bytes.length < FILE_HEADER + headerSize)
    throw bad(`a header of ${headerSize} bytes`);
  const height = view.getInt32(22, true);
  const bits = view.getUint16(28, true);
  const named = view.getUint32(46, true);
  return checked(
    {
      width: view.getInt32(18, true),
      height: Math.abs(height),
      isTopDown: height < 0,
      bits,
      compression: view.getUint32(30, true),
      headerSize,
      start,
      colors: bits <= 8 ? named || 2 ** bits : 0,
    },
    bytes,
    bad,
  );
}

function checked(header: BmpHeader, bytes: Uint8Array, bad: (found: string) => Error): BmpHeader {
  const { width, height, bits, compression, start, colors } = header;
  if (width < 1 || height < 1) throw bad(`${width} × ${height} pixels`);
  const isKnown =
    compression === RGB
      ? [1, 4, 8, 16, 24, 32].includes(bits)
      : compression === RLE8
        ? bits === 8
        : compression === RLE4
          ? bits === 4
          : (compression === BITFIELDS || compression === ALPHA_BITFIELDS) && (bits === 16 || bits === 32);
  if (!isKnown)
    throw bad(`a bitmap of ${bits} bits per pixel, compression ${compression}, which is not read`);
  if (bits <= 8 && colors > 2 ** bits) throw bad(`a palette of ${colors} colours for ${bits} bits`);
  if (start > bytes.length) throw bad(`${bytes.length} bytes (it is cut off)`);
  return header;
}

/** Room is made for what the header declares, so check that first. Throws data/bad-image. */
export function decodeBmp(bytes: Uint8Array, header: BmpHeader, path: string): Pixels {
  const { width, height, bits } = header;
  const rgba = bits <= 8 ? paletted(bytes, header, path) : direct(bytes, header, path);
  return { width, height, channels: 3, data: onWhite(rgba) };
}

const cutOff = (path: string, bytes: Uint8Array) =>
  badImage(path, `${bytes.length} bytes without all of its pixels (it is cut off)`);

/** The output row that is stored as row `y`. */
const rowOf = ({ height, isTopDown }: BmpHeader, y: number): number => (isTopDown ? y : height - 1 - y);

function paletted(bytes: Uint8Array, header: BmpHeader, path: string): Uint8Array {
  const { width, height, headerSize, colors, compression } = header;
  const step = headerSize === 12 ? 3 : 4;
  const palette = FILE_HEADER + headerSize;
  if (palette + colors * step > bytes.length) throw cutOff(path, bytes);
  const indices =
    compression === RGB ? plainIndices(bytes, header, path) : runLengthIndices(bytes, header, path);
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= colors) throw badImage(path, `colour ${index} of a palette of ${colors}`);
    const at = palette + index * step;
    rgba[i * 4] = bytes[at + 2]!;
    rgba[i * 4 + 1] = bytes[at + 1]!;
    rgba[i * 4 + 2] = bytes[at]!;
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

function plainIndices(bytes: Uint8Array, header: BmpHeader, path: string): Uint8Array {
  const { width, height, bits, start } = header;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (start + rowBytes * height > bytes.length) throw cutOff(path, bytes);
  const out = new Uint8Array(width * height);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * bits;
      const byte = bytes[start + y * rowBytes + (bit >> 3)]!;
      out[rowOf(header, y) * width + x] = (byte >> (8 - bits - (bit & 7))) & mask;
    }
  return out;
}

/** Pairs of count and value; a count of 0 is an escape: end of row, end of picture, a move, or values as they are. */
function runLengthIndices(bytes: Uint8Array, header: BmpHeader, path: string): Uint8Array {
  const { width, height, bits, start } = header;
  const out = new Uint8Array(width * height);
  let [x, y, at] = [0, 0, start];
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw cutOff(path, bytes);
    return byte;
  };
  const put = (index: number) => {
    if (x >= width || y >= height) throw badImage(path, "a run that reaches outside the picture");
    out[rowOf(header, y) * width + x++] = index;
  };
  const half = (byte: number, i: number) => (bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15);
  for (;;) {
    const count = next();
    const value = next();
    if (count > 0) for (let i = 0; i < count; i++) put(half(value, i));
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 1) return out;
    else if (value === 2) {
      x += next();
      y += next();
    } else {
      const packed = bits === 8 ? value : Math.ceil(value / 2);
      for (let i = 0, byte = 0; i < value; i++) {
        if (bits === 8 || i % 2 === 0) byte = next();
        put(half(byte, i));
      }
      if (packed % 2 === 1) next(); // padded to 16 bits
    }
  }
}

function direct(bytes: Uint8Array, header: BmpHeader, path: string): Uint8Array {
  const { width, height, bits, start } = header;
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (start + rowBytes * height > bytes.length) throw cutOff(path, bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const masks = masksOf(view, header, path);
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = start + y * rowBytes + (x * bits) / 8;
      const to = (rowOf(header, y) * width + x) * 4;
      if (bits === 24) {
        rgba[to] = bytes[at + 2]!;
        rgba[to + 1] = bytes[at + 1]!;
        rgba[to + 2] = bytes[at]!;
        rgba[to + 3] = 255;
      } else {
        const pixel = bits === 16 ? view.getUint16(at, true) : view.getUint32(at, true);
        for (let c = 0; c < 4; c++) rgba[to + c] = channelOf(pixel, masks[c]!);
      }
    }
  return rgba;
}

interface Mask {
  readonly shift: number;
  /** The highest value; 0 if the channel is not stored. */
  readonly most: number;
}

/** Red, green, blue and alpha. */
function masksOf(view: DataView, { bits, compression, headerSize }: BmpHeader, path: string): Mask[] {
  if (compression === RGB) {
    const five = [10, 5, 0].map((shift) => ({ shift, most: 31 }));
    const eight = [16, 8, 0].map((shift) => ({ shift, most: 255 }));
    return [...(bits === 16 ? five : eight), { shift: 0, most: 0 }];
  }
  const count = compression === ALPHA_BITFIELDS || headerSize >= 56 ? 4 : 3;
  const first = FILE_HEADER + 40;
  if (first + count * 4 > view.byteLength) throw badImage(path, "bit masks that are cut off");
  return Array.from({ length: 4 }, (_, i) => {
    const mask = i < count ? view.getUint32(first + i * 4, true) : 0;
    if (mask === 0) return { shift: 0, most: 0 };
    const shift = Math.clz32(1) - Math.clz32(mask & -mask);
    const most = mask >>> shift;
    if ((most & (most + 1)) !== 0) throw badImage(path, "a bit mask with gaps");
    return { shift, most };
  });
}

const channelOf = (pixel: number, { shift, most }: Mask): number =>
  most === 0 ? 255 : Math.round((((pixel >>> shift) & most) >>> 0) * (255 / most));
