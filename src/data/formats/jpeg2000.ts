// JPEG 2000 (JP2 files and bare codestreams), decoded by OpenJPEG (WebAssembly). The header is checked before the decoder
// sees a byte. https://www.itu.int/rec/T-REC-T.800

import { createRequire } from "node:module";
import { badImage, imageTooLarge } from "../../core/errors/index.js";
import type { Pixels } from "./pixels.js";

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): {
    readonly width: number;
    readonly height: number;
    readonly bitsPerSample: number;
    readonly componentCount: number;
    readonly isSigned: boolean;
  };
  getColorSpace(): number;
  delete(): void;
}

/** Most pixels, 16 million: the decoder can't be stopped once it has begun. */
const MOST_PIXELS = 2 ** 24;
const END_OF_CODESTREAM = 0xffd9;
const SYCC = 3; // OpenJPEG's number

const BOX = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20];
const CODESTREAM = [0xff, 0x4f, 0xff, 0x51];
const startsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, i) => bytes[i] === byte);

export const isJpeg2000 = (bytes: Uint8Array): boolean =>
  startsWith(bytes, BOX) || startsWith(bytes, CODESTREAM);

let loading: Promise<{ readonly J2KDecoder: new () => Decoder }> | undefined;

/** Throws data/bad-image, data/image-too-large. */
export async function decodeJpeg2000(bytes: Uint8Array, path: string): Promise<Pixels> {
  checkSize(bytes, path);
  // Its printed progress and complaints are in its result too.
  loading ??= createRequire(import.meta.url)("@cornerstonejs/codec-openjpeg/decodewasmjs")({
    print: () => {},
    printErr: () => {},
  });
  const decoder = new (await loading!).J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    if (bitsPerSample === 0) throw badImage(path, "damaged JPEG 2000 data (it may be cut off)");
    if (isSigned || bitsPerSample > 16)
      throw badImage(
        path,
        `samples of ${bitsPerSample}${isSigned ? " signed" : ""} bits`,
        "up to 16 unsigned bits",
      );
    const samples = samplesOf(decoder.getDecodedBuffer(), bitsPerSample);
    if (samples.length !== width * height * componentCount)
      throw badImage(path, `${samples.length} samples for ${width} × ${height} pixels`);
    if (componentCount === 1) return { width, height, channels: 1, data: samples };
    if (decoder.getColorSpace() === SYCC) for (let at = 0; at < samples.length; at += 3) toRgb(samples, at);
    return { width, height, channels: 3, data: samples };
  } catch (error) {
    if (error instanceof Error && error.name === "MulabError") throw error;
    throw badImage(path, "damaged JPEG 2000 data");
  } finally {
    decoder.delete();
  }
}

/** Samples as 0…255. Those of up to 8 bits are stored as bytes, others as two bytes, the low one first. */
function samplesOf(bytes: Uint8Array, bits: number): Uint8Array {
  const scale = 255 / (2 ** bits - 1);
  if (bits === 8) return bytes.slice();
  if (bits < 8) return Uint8Array.from(bytes, (value) => Math.round(value * scale));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint8Array.from({ length: bytes.length >> 1 }, (_, i) =>
    Math.round(view.getUint16(2 * i, true) * scale),
  );
}

/** ITU-R BT.601, full range. */
function toRgb(pixels: Uint8Array, at: number): void {
  const [y, cb, cr] = [pixels[at]!, pixels[at + 1]! - 128, pixels[at + 2]! - 128];
  const clamped = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  pixels[at] = clamped(y + 1.402 * cr);
  pixels[at + 1] = clamped(y - 0.344136 * cb - 0.714136 * cr);
  pixels[at + 2] = clamped(y + 1.772 * cb);
}

/** Reads the codestream's SIZ marker, its first, and checks for the end marker, without which OpenJPEG may return zeros. */
function checkSize(bytes: Uint8Array, path: string): void {
  const { start, end } = startsWith(bytes, CODESTREAM)
    ? { start: 0, end: bytes.length }
    : codestreamIn(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (end > bytes.length || start + 51 > end || !startsWith(bytes.subarray(start), CODESTREAM))
    throw badImage(path, "no whole JPEG 2000 codestream (it may be cut off)");
  if (view.getUint16(end - 2) !== END_OF_CODESTREAM)
    throw badImage(path, `${bytes.length} bytes without its end (it is cut off)`);
  const size = (at: number) => view.getUint32(start + at);
  const [width, height] = [size(8) - size(16), size(12) - size(20)];
  const components = view.getUint16(start + 40);
  if (width < 1 || height < 1 || components < 1) throw badImage(path, `${width} × ${height} pixels`);
  if (components !== 1 && components !== 3)
    throw badImage(path, `${components} components`, "1 (grey) or 3; transparency is not read in JPEG 2000");
  if (width * height > MOST_PIXELS)
    throw imageTooLarge(path, `${width} × ${height} pixels`, `${MOST_PIXELS} pixels of JPEG 2000`);
  for (let c = 0; c < components; c++)
    if (bytes[start + 43 + 3 * c] !== 1 || bytes[start + 44 + 3 * c] !== 1)
      throw badImage(path, "components of different sizes", "one size for all components");
}

/** The position of the bytes of box "jp2c"; beyond the file if there is none. */
function codestreamIn(bytes: Uint8Array): { readonly start: number; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = view.getUint32(at);
    const isLong = length === 1;
    const whole = isLong ? Number(view.getBigUint64(at + 8)) : length || bytes.length - at; // 0: the last box
    if (view.getUint32(at + 4) === 0x6a703263) return { start: at + (isLong ? 16 : 8), end: at + whole };
    if (whole < 8) break;
    at += whole;
  }
  return { start: 0, end: Number.POSITIVE_INFINITY };
}
