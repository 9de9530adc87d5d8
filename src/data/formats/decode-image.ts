// Decodes one image to a small square of RGB bytes: PNG, JPEG, WebP, GIF and TIFF by libvips, PPM, BMP and JPEG 2000 by
// their own decoders. Files are not trusted: the bytes decide the kind and only these decoders are reachable, sizes are
// bounded before reading and pixel counts before decoding, all checksums of a PNG are verified, and a decoder that gives up
// is an error. Most other kinds have no checksums, so damage that still decodes can't be detected. In a person's own files
// (`strict`), which can be saved again, decoder warnings are errors too. In published sets they are not: some contain such
// pictures (Oxford's pets has two: tensorflow/models#2194), and the papers trained on them.

import { badImage, imageTooLarge } from "../../core/errors/index.js";
import { bmpHeader, decodeBmp } from "./bmp.js";
import { decodeJpeg2000, isJpeg2000 } from "./jpeg2000.js";
import { type Pixels, resized, rgbBytes } from "./pixels.js";
import { decodePlainJpeg } from "./plain-jpeg.js";
import { decodeSmallPng } from "./plain-png.js";
import { pngDamage } from "./png-chunks.js";
import { decodePnm, pnmHeader, pnmSamples } from "./pnm.js";

/** Most bytes of an encoded image, 64 MiB. */
export const MOST_IMAGE_BYTES = 2 ** 26;
/** Most pixels of an image, 67 million: more than phone cameras take, and 512 MiB at worst (interlaced 16-bit RGBA). */
const MOST_PIXELS = 2 ** 26;
/** Most pixels along a side: JPEG's limit, and below the scaler's. */
const MOST_SIDE = 65_535;
/** Images with more pixels than this are decoded one at a time, to save memory. */
const LARGE_PIXELS = 2 ** 24;
/** A decoder that takes longer is stopped; the largest photos take about 2 s, the worst test image 8 s. */
const MOST_SECONDS = 60;

/** Most pixels of an image that is decoded in this thread at once. */
const SMALL_PIXELS = 2 ** 16;

/** How to read an image. */
export interface DecodeOptions {
  /** Treats decoder warnings as errors. */
  readonly strict?: boolean;
  /** Significant bits of 16-bit samples (12 from many cameras), whose highest value is white. 16 by default. */
  readonly bits?: number;
  /** Resizes small images as decodeSmallImage does, so that the kind of file does not matter. */
  readonly alike?: boolean;
}

/**
 * The square of RGB bytes of a small plain image (PNG, JPEG, PPM, BMP), decoded at once in this thread; undefined where
 * `decodeImage` has to do it. JPEGs only after loadPlainJpeg. Throws data/bad-image.
 */
export function decodeSmallImage(bytes: Uint8Array, path: string, size: number): Uint8Array | undefined {
  const pixels = decodeSmallPng(bytes, path, SMALL_PIXELS) ?? decodePlainJpeg(bytes, SMALL_PIXELS);
  if (pixels) return rgbBytes(resized(pixels, size));
  const netpbm = pnmHeader(bytes, path);
  if (netpbm && netpbm.most <= 255 && netpbm.width * netpbm.height <= SMALL_PIXELS)
    return rgbBytes(resized(decodePnm(bytes, netpbm, path), size));
  const bitmap = bmpHeader(bytes, path);
  if (bitmap && bitmap.width * bitmap.height <= SMALL_PIXELS)
    return rgbBytes(resized(decodeBmp(bytes, bitmap, path), size));
  return undefined;
}

/**
 * RGB bytes [size, size, 3]: the whole image, upright as its EXIF orientation asks, on white where it is transparent,
 * 8 bits per channel in sRGB, stretched to a square (antialiased bilinear; an image of that size already keeps its
 * pixels). Of an animation the first frame. `path` is for messages. Throws data/bad-image, data/image-too-large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  path: string,
  size: number,
  options: DecodeOptions = {},
): Promise<Uint8Array> {
  const own = await decodeOwn(bytes, path, options);
  if (own) return rgbBytes(resized(own, size));
  const { strict = false, bits = 16, alike = false } = options;
  const { sharp, header } = await readHeader(bytes, path);
  const isDeep = header.depth === "ushort" && bits < 16;
  const isHere = alike && header.width * header.height <= SMALL_PIXELS;
  const decode = async () => {
    const image = sharp(bytes, {
      failOn: strict ? "warning" : "error",
      limitInputPixels: MOST_PIXELS,
      autoOrient: true,
    })
      .timeout({ seconds: MOST_SECONDS })
      .flatten({ background: "#ffffff" });
    const squared = isHere ? image : image.resize(size, size, { fit: "fill", kernel: "linear" });
    const raw = isDeep
      ? squared.toColourspace("rgb16").raw({ depth: "ushort" })
      : squared.toColourspace("srgb").raw({ depth: "uchar" });
    const { data, info } = await raw.toBuffer({ resolveWithObject: true }).catch((error: unknown) => {
      throw badImage(path, reasonOf(error));
    });
    const pixels = isDeep ? scaled(wordsOf(data), bits) : data;
    return isHere
      ? resized({ width: info.width, height: info.height, channels: 3, data: pixels }, size).data
      : pixels;
  };
  return header.width * header.height > LARGE_PIXELS ? oneAtATime(decode) : decode();
}

/** The highest sample of a 16-bit image; undefined for others. Throws data/bad-image, data/image-too-large. */
export async function highestSample(bytes: Uint8Array, path: string): Promise<number | undefined> {
  if (damageOf(bytes)) return undefined; // decoding reports what is wrong
  const netpbm = pnmHeader(bytes, path);
  if (netpbm)
    return netpbm.most > 4095 ? highest(pnmSamples(bytes, checkedSize(netpbm, path), path)) : undefined;
  if (!mayBeDeep(bytes)) return undefined;
  const { sharp, header } = await readHeader(bytes, path);
  if (header.depth !== "ushort") return undefined;
  const measure = async () =>
    highest(
      wordsOf(
        await sharp(bytes, { limitInputPixels: MOST_PIXELS })
          .timeout({ seconds: MOST_SECONDS })
          .removeAlpha()
          .toColourspace("rgb16")
          .raw({ depth: "ushort" })
          .toBuffer()
          .catch((error: unknown) => {
            throw badImage(path, reasonOf(error));
          }),
      ),
    );
  return header.width * header.height > LARGE_PIXELS ? oneAtATime(measure) : measure();
}

/** 16-bit PNGs, and all TIFFs, because their header may give the depth anywhere. */
const mayBeDeep = (bytes: Uint8Array): boolean =>
  (kindOf(bytes) === "png" && bytes[24] === 16) || kindOf(bytes) === "tiff";

const wordsOf = (data: Buffer): Uint16Array =>
  new Uint16Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength));

function highest(values: Uint16Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (values[i]! > most) most = values[i]!;
  return most;
}

function scaled(values: Uint16Array, bits: number): Uint8Array {
  const white = 2 ** bits - 1;
  return Uint8Array.from(values, (value) => Math.round((Math.min(value, white) * 255) / white));
}

/** Kinds that libvips does not read here. */
async function decodeOwn(
  bytes: Uint8Array,
  path: string,
  { bits = 16 }: DecodeOptions,
): Promise<Pixels | undefined> {
  const damage = damageOf(bytes);
  if (damage) throw badImage(path, damage);
  const netpbm = pnmHeader(bytes, path);
  if (netpbm) {
    const white = netpbm.most > 4095 ? Math.min(netpbm.most, 2 ** bits - 1) : netpbm.most;
    return decodePnm(bytes, checkedSize(netpbm, path), path, white);
  }
  const bitmap = bmpHeader(bytes, path);
  if (bitmap) return decodeBmp(bytes, checkedSize(bitmap, path), path);
  return isJpeg2000(bytes) ? decodeJpeg2000(bytes, path) : undefined;
}

/** `of`, unless it has more pixels than are held as plain bytes here, 16 million where not given. */
function checkedSize<T extends { readonly width: number; readonly height: number }>(
  of: T,
  path: string,
  most = LARGE_PIXELS,
): T {
  const { width, height } = of;
  if (width * height > most || Math.max(width, height) > MOST_SIDE)
    throw imageTooLarge(
      path,
      `${width} × ${height} pixels`,
      `${most} pixels in all and ${MOST_SIDE} per side`,
    );
  return of;
}

async function readHeader(bytes: Uint8Array, path: string) {
  const sharp = await loadSharp();
  const header = await sharp(bytes, { failOn: "error", limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw badImage(path, reasonOf(error));
    });
  return { sharp, header: checkedSize(header, path, MOST_PIXELS) };
}

type Kind = "png" | "jpeg" | "webp" | "gif" | "tiff" | "bmp" | "pnm" | "jp2";

/** By the first bytes; undefined if no decoder reads them. */
function kindOf(bytes: Uint8Array): Kind | undefined {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) return "webp";
  if (/^GIF8[79]a/.test(start)) return "gif";
  if (/^(II[*+]\0|MM\0[*+])/.test(start)) return "tiff";
  if (start.startsWith("BM")) return "bmp";
  if (/^P[1-6][\s#]/.test(start)) return "pnm";
  return isJpeg2000(bytes) ? "jp2" : undefined;
}

/** Faults of the bytes that show without decoding; undefined if there are none. */
function damageOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  const kind = kindOf(bytes);
  if (kind === undefined) return "not an image of a kind that is read";
  if (kind === "png") return pngDamage(bytes);
  if (kind !== "webp") return undefined;
  const declared = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8;
  return declared > bytes.length ? `${bytes.length} of ${declared} bytes (it is cut off)` : undefined;
}

type Sharp = typeof import("sharp").default;
let loading: Promise<Sharp> | undefined;

/** The decoder, loaded with the first image, because most runs need none. */
function loadSharp(): Promise<Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.concurrency(1); // several images at once, one thread each
    sharp.cache(false); // no image is decoded twice
    return sharp;
  });
  return loading;
}

let lastLarge: Promise<unknown> = Promise.resolve();

function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const result = lastLarge.then(work);
  lastLarge = result.catch(() => {});
  return result;
}

/** The first line of the decoder's message, which may be a page long. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.trim();
