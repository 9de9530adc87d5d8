// One encoded image (PNG, JPEG or WebP) to a small square of RGB bytes. What the file says is not trusted: its kind
// is told by its bytes and only these three decoders are ever reached, its size is bounded before it is read and
// its pixels before they are decoded, a PNG's checksums are all verified, and a decoder that gives up is an error. JPEG
// and WebP carry no checksum: damage there that still decodes can't be told from a picture. What the decoder of JPEG goes
// on after with a warning is an error too in a person's own files (`strict`), which can be saved anew. It is none in
// published sets: some hold such pictures (Oxford's pets two: tensorflow/models#2194), and the papers trained on them.

import { constants } from "node:fs";
import { badImage, imageTooLarge } from "../../core/errors.js";
import { openRegular, whyUnread } from "../../disk/regular.js";
import { pngDamage } from "./png-chunks.js";

/** Most bytes of an encoded image, 64 MiB. */
const MOST_BYTES = 2 ** 26;
/** Most pixels of an image, 67 million: above what cameras in phones take, and 512 MiB at the very worst (RGBA of 16 bits, interlaced). */
const MOST_PIXELS = 2 ** 26;
/** Most pixels along a side: as JPEG allows, and less than the scaler breaks at. */
const MOST_SIDE = 65_535;
/** Images of more pixels than this are decoded one at a time, so that memory stays that of one. */
const LARGE_PIXELS = 2 ** 24;
/** A decoder that takes longer is stopped; the largest photos take about 2 s, the worst that was made 8 s. */
const MOST_SECONDS = 60;

/** The whole file; throws data/bad-image or data/image-too-large before more than MOST_BYTES are read. Follows no link. */
export async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    const handle = await openRegular(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)); // Windows has no such flag
    try {
      const { size } = await handle.stat();
      if (size > MOST_BYTES) throw imageTooLarge(path, `${size} bytes`, `${MOST_BYTES} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { name } = error as NodeJS.ErrnoException;
    if (name === "MulabError") throw error;
    throw badImage(path, `it can't be read (${whyUnread(error)})`);
  }
}

/**
 * RGB bytes [size, size, 3]: the whole image, upright as its EXIF orientation asks, on white where it is transparent,
 * 8 bits a channel in sRGB, stretched to a square (antialiased bilinear; an image of that size already keeps its
 * pixels). Of an animation the first frame. `path` is for messages; `strict` refuses
 * what a decoder warns of. Throws data/bad-image, data/image-too-large.
 */
export async function decodeImage(
  bytes: Uint8Array,
  path: string,
  size: number,
  strict = false,
): Promise<Uint8Array> {
  const damage = damageOf(bytes);
  if (damage) throw badImage(path, damage);
  const sharp = await loadSharp();
  const header = await sharp(bytes, { failOn: "error", limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw badImage(path, reasonOf(error));
    });
  const { width, height } = header;
  const pixels = width * height;
  if (pixels > MOST_PIXELS || Math.max(width, height) > MOST_SIDE)
    throw imageTooLarge(
      path,
      `${width} × ${height} pixels`,
      `${MOST_PIXELS} pixels in all and ${MOST_SIDE} a side`,
    );
  const decode = () =>
    sharp(bytes, {
      failOn: strict ? "warning" : "error",
      limitInputPixels: MOST_PIXELS,
      autoOrient: true,
    })
      .timeout({ seconds: MOST_SECONDS })
      .flatten({ background: "#ffffff" })
      .resize(size, size, { fit: "fill", kernel: "linear" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer()
      .catch((error: unknown) => {
        throw badImage(path, reasonOf(error));
      });
  return pixels > LARGE_PIXELS ? oneAtATime(decode) : decode();
}

/** What is wrong with the bytes as far as no decoder is needed to see it; undefined where nothing is. */
function damageOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "an empty file";
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 12)).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return pngDamage(bytes);
  if (start.startsWith("\xff\xd8\xff")) return undefined;
  if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
    const declared = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true) + 8;
    return declared > bytes.length ? `${bytes.length} of ${declared} bytes (it is cut off)` : undefined;
  }
  return "the bytes of no PNG, JPEG or WebP image";
}

type Sharp = typeof import("sharp").default;
let loading: Promise<Sharp> | undefined;

/** The decoder, loaded by the first image: most runs need none. */
function loadSharp(): Promise<Sharp> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.concurrency(1); // several images at once, a thread each
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

/** The first line of what the decoder says, which may be a page long. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.trim();
