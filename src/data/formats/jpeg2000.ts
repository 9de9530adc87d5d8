// JPEG 2000 (JP2 files and bare codestreams), by OpenJPEG (WebAssembly). What the header says is bounded before the
// decoder sees a byte. https://www.itu.int/rec/T-REC-T.800

import { createRequire } from "node:module";
import { badImage, imageTooLarge } from "../../core/errors.js";
import { onWhite, type Pixels } from "./pixels.js";

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
const SYCC = 3; // OpenJPEG's number

const BOX = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20];
const CODESTREAM = [0xff, 0x4f, 0xff, 0x51];
const startsWith = (bytes: Uint8Array, start: readonly number[]) =>
  start.every((byte, i) => bytes[i] === byte);

export const isJpeg2000 = (bytes: Uint8Array): boolean =>
  startsWith(bytes, BOX) || startsWith(bytes, CODESTREAM);

let loading: Promise<{ J2KDecoder: new () => Decoder }> | undefined;

/** Throws data/bad-image, data/image-too-large. */
export async function decodeJpeg2000(bytes: Uint8Array, path: string): Promise<Pixels> {
  checkSize(bytes, path);
  loading ??= createRequire(import.meta.url)("@cornerstonejs/codec-openjpeg/decodewasmjs")();
  const decoder = new (await loading!).J2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decode();
    const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
    const found = `${componentCount} components of ${bitsPerSample}${isSigned ? " signed" : ""} bits`;
    if (isSigned || bitsPerSample < 1 || bitsPerSample > 16 || componentCount < 1 || componentCount > 4)
      throw badImage(path, found, "1 to 4 components of up to 16 unsigned bits");
    const samples = samplesOf(decoder.getDecodedBuffer(), bitsPerSample);
    if (samples.length !== width * height * componentCount)
      throw badImage(path, `${samples.length} samples for ${width} × ${height} pixels`);
    return colored(samples, width, height, componentCount, decoder.getColorSpace() === SYCC);
  } catch (error) {
    if (error instanceof Error && error.name === "MulabError") throw error;
    throw badImage(path, "damaged JPEG 2000 data");
  } finally {
    decoder.delete();
  }
}

/** Samples of up to 8 bits are bytes, others two each, the low one first; here 0…255. */
function samplesOf(bytes: Uint8Array, bits: number): Uint8Array {
  const scale = 255 / (2 ** bits - 1);
  if (bits === 8) return bytes.slice();
  if (bits < 8) return Uint8Array.from(bytes, (value) => Math.round(value * scale));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint8Array.from({ length: bytes.length >> 1 }, (_, i) =>
    Math.round(view.getUint16(2 * i, true) * scale),
  );
}

function colored(
  samples: Uint8Array,
  width: number,
  height: number,
  components: number,
  isYcc: boolean,
): Pixels {
  if (components === 1) return { width, height, channels: 1, data: samples };
  const rgba = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const at = i * components;
    const colors = components === 2 ? [at, at, at] : [at, at + 1, at + 2];
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = samples[colors[c]!]!;
    rgba[i * 4 + 3] = components % 2 === 0 ? samples[at + components - 1]! : 255;
    if (isYcc) toRgb(rgba, i * 4);
  }
  return { width, height, channels: 3, data: onWhite(rgba) };
}

/** ITU-R BT.601, full range. */
function toRgb(rgba: Uint8Array, at: number): void {
  const [y, cb, cr] = [rgba[at]!, rgba[at + 1]! - 128, rgba[at + 2]! - 128];
  const clamped = (value: number) => Math.max(0, Math.min(255, Math.round(value)));
  rgba[at] = clamped(y + 1.402 * cr);
  rgba[at + 1] = clamped(y - 0.344136 * cb - 0.714136 * cr);
  rgba[at + 2] = clamped(y + 1.772 * cb);
}

/** Reads the codestream's SIZ marker, which is its first. */
function checkSize(bytes: Uint8Array, path: string): void {
  const start = startsWith(bytes, CODESTREAM) ? 0 : codestreamIn(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (start === undefined || start + 42 > bytes.length || !startsWith(bytes.subarray(start), CODESTREAM))
    throw badImage(path, "no JPEG 2000 codestream (it may be cut off)");
  const size = (at: number) => view.getUint32(start + at);
  const [width, height] = [size(8) - size(16), size(12) - size(20)];
  const components = view.getUint16(start + 40);
  if (width < 1 || height < 1 || components < 1) throw badImage(path, `${width} × ${height} pixels`);
  if (width * height > MOST_PIXELS || components > 4)
    throw imageTooLarge(
      path,
      `${width} × ${height} pixels of ${components} components`,
      `${MOST_PIXELS} pixels of 4 components`,
    );
  for (let c = 0; c < components; c++)
    if (bytes[start + 43 + 3 * c] !== 1 || bytes[start + 44 + 3 * c] !== 1)
      throw badImage(path, "components of different sizes", "one size for all components");
}

/** Where the box "jp2c" has its bytes. */
function codestreamIn(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at);
    const isLong = length === 1;
    if (view.getUint32(at + 4) === 0x6a703263) return at + (isLong ? 16 : 8);
    if (isLong && at + 16 > bytes.length) return undefined;
    const whole = isLong ? Number(view.getBigUint64(at + 8)) : length;
    if (whole < 8) return undefined; // 0: the last box
    at += whole;
  }
  return undefined;
}
