// Decodes small JPEGs in this thread by libjpeg-turbo (WebAssembly), because the general decoder takes several times as long
// for each, mostly for its start. It takes only simple ones: 8-bit grey or YCbCr, upright, without a colour profile. It
// gives up at the slightest damage; what it refuses goes to the general decoder, which reports the reason.

import { createRequire } from "node:module";
import type { Pixels } from "./pixels.js";

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
}

let decoder: Decoder | undefined;
let loading: Promise<void> | undefined;

/** Loads the decoder; before that, nothing is decoded here. */
export function loadPlainJpeg(): Promise<void> {
  loading ??= (async () => {
    const load = createRequire(import.meta.url)("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs");
    const codec = (await load()) as { JPEGDecoder: new () => Decoder };
    decoder = new codec.JPEGDecoder();
  })().catch(() => {}); // the general decoder does everything then
  return loading;
}

/** Undefined if the image is not a plain one of at most `mostPixels`, or is damaged. */
export function decodePlainJpeg(bytes: Uint8Array, mostPixels: number): Pixels | undefined {
  const frame = decoder && plainFrame(bytes);
  if (!frame || frame.width * frame.height > mostPixels) return undefined;
  try {
    decoder!.getEncodedBuffer(bytes.length).set(bytes);
    decoder!.decode();
    const { width, height, componentCount } = decoder!.getFrameInfo();
    const data = decoder!.getDecodedBuffer().slice(); // the next image overwrites it
    if (width !== frame.width || height !== frame.height || componentCount !== frame.channels)
      return undefined;
    return data.length === width * height * frame.channels ? { ...frame, data } : undefined;
  } catch {
    return undefined;
  }
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

const [SOI, EOI, SOS, APP1, APP2] = [0xd8, 0xd9, 0xda, 0xe1, 0xe2];

/** The content of the markers before the pixels; undefined if the general decoder is needed. */
function plainFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return undefined;
  let frame: Frame | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1]!;
    if (marker === SOS) return frame;
    if (marker === EOI) return undefined;
    const length = bytes[at + 2]! * 256 + bytes[at + 3]!;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    // Frames of Huffman-coded images: baseline, extended and progressive.
    if (marker >= 0xc0 && marker <= 0xc2) {
      const [precision, h1, h0, w1, w0, channels] = segment;
      if (precision !== 8 || (channels !== 1 && channels !== 3)) return undefined;
      frame = { width: w1! * 256 + w0!, height: h1! * 256 + h0!, channels };
      if (frame.width === 0 || frame.height === 0) return undefined;
    } else if (marker > 0xc3 && marker < 0xd0 && marker !== 0xc4 && marker !== 0xcc) return undefined;
    if (marker === APP1 && !isUpright(segment)) return undefined;
    if (marker === APP2) return undefined; // a colour profile, most often
    at += 2 + length;
  }
  return undefined;
}

/** Whether EXIF asks for no rotation; XMP and the like never do. */
function isUpright(segment: Uint8Array): boolean {
  const text = Buffer.from(segment.subarray(0, 6)).toString("latin1");
  if (!text.startsWith("Exif")) return true;
  const tiff = segment.subarray(6);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = tiff[0] === 0x49;
  if (tiff.length < 8) return false;
  const first = view.getUint32(4, little);
  if (first + 2 > tiff.length) return false;
  const count = view.getUint16(first, little);
  for (let i = 0; i < count; i++) {
    const at = first + 2 + 12 * i;
    if (at + 12 > tiff.length) return false;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little) === 1;
  }
  return true;
}
