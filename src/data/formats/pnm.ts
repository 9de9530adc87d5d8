// Netpbm images: PBM, PGM and PPM, as text (P1, P2, P3) or bytes (P4, P5, P6), of up to 16 bits per sample. GTSRB is
// published in them. Read strictly: what is cut off or out of range is an error. https://netpbm.sourceforge.net/doc/ppm.html

import { badImage } from "../../core/errors/index.js";
import type { Pixels } from "./pixels.js";

export interface PnmHeader {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** The sample that is white; of a bitmap 1. */
  readonly most: number;
  readonly isText: boolean;
  readonly isBitmap: boolean;
  /** Where the samples begin. */
  readonly start: number;
}

const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);

/** Undefined where the bytes are of another kind; throws data/bad-image where the header is damaged. */
export function pnmHeader(bytes: Uint8Array, path: string): PnmHeader | undefined {
  const kind = bytes[1]! - 0x30;
  if (bytes[0] !== 0x50 || !(kind >= 1 && kind <= 6) || !(isSpace(bytes[2]) || bytes[2] === 0x23))
    return undefined;
  const isBitmap = kind === 1 || kind === 4;
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < (isBitmap ? 2 : 3)) {
    const [value, next] = numberAt(bytes, at);
    if (value === undefined) throw badImage(path, "a damaged header");
    numbers.push(value);
    at = next;
  }
  const [width = 0, height = 0, most = 1] = numbers;
  if (width < 1 || height < 1 || most < 1 || most > 65_535)
    throw badImage(path, `${width} × ${height} pixels of samples up to ${most}`);
  const isText = kind <= 3;
  if (!isText && !isSpace(bytes[at])) throw badImage(path, "a damaged header");
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  return { width, height, channels, most, isText, isBitmap, start: at + 1 };
}

/** The next whole number of text, after space and comments, and where it ends. */
function numberAt(bytes: Uint8Array, from: number): [number | undefined, number] {
  let at = from;
  for (;;) {
    while (isSpace(bytes[at])) at++;
    if (bytes[at] !== 0x23) break;
    while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  }
  let value: number | undefined;
  for (let digit = bytes[at]; digit !== undefined && digit >= 0x30 && digit <= 0x39; digit = bytes[++at]) {
    value = (value ?? 0) * 10 + digit - 0x30;
    if (value > 2 ** 31) return [undefined, at];
  }
  return [value, at];
}

/** Samples as stored, 0…most. Allocates what the header declares, so check that first. Throws data/bad-image. */
export function pnmSamples(bytes: Uint8Array, header: PnmHeader, path: string): Uint16Array {
  const { width, height, channels, most, isText, isBitmap, start } = header;
  const count = width * height * channels;
  const samples = new Uint16Array(count);
  const cutOff = () =>
    badImage(path, `${bytes.length} bytes for ${width} × ${height} pixels (it is cut off)`);
  if (isText) {
    let at = start - 1;
    for (let i = 0; i < count; i++) {
      let value: number | undefined;
      if (isBitmap) {
        while (isSpace(bytes[at])) at++;
        value = bytes[at] === 0x30 ? 0 : bytes[at] === 0x31 ? 1 : undefined; // bits need no space between them
        at++;
      } else [value, at] = numberAt(bytes, at);
      if (value === undefined)
        throw at >= bytes.length ? cutOff() : badImage(path, "a sample that is not a number");
      samples[i] = value;
      if (value > most) throw badImage(path, `a sample of ${value} where white is ${most}`);
    }
  } else if (isBitmap) {
    const rowBytes = Math.ceil(width / 8);
    if (start + rowBytes * height > bytes.length) throw cutOff();
    for (let y = 0, i = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++)
        samples[i] = (bytes[start + y * rowBytes + (x >> 3)]! >> (7 - (x & 7))) & 1;
  } else {
    const size = most > 255 ? 2 : 1;
    if (start + count * size > bytes.length) throw cutOff();
    for (let i = 0, at = start; i < count; i++, at += size) {
      const value = size === 1 ? bytes[at]! : bytes[at]! * 256 + bytes[at + 1]!;
      if (value > most) throw badImage(path, `a sample of ${value} where white is ${most}`);
      samples[i] = value;
    }
  }
  if (isBitmap) for (let i = 0; i < count; i++) samples[i] = 1 - samples[i]!; // 1 is black
  return samples;
}

/** `white` is the sample that becomes 255. Throws data/bad-image. */
export function decodePnm(bytes: Uint8Array, header: PnmHeader, path: string, white = header.most): Pixels {
  const { width, height, channels } = header;
  const samples = pnmSamples(bytes, header, path);
  const data = new Uint8Array(samples.length);
  for (let i = 0; i < data.length; i++) data[i] = Math.round((Math.min(samples[i]!, white) * 255) / white);
  return { width, height, channels, data };
}
