// Decodes an image for a set, to [height, width, channels] bytes. Plain PNGs of the right size are decoded here; everything
// else goes to the general decoder, which also stretches to the size.

import { badImage } from "../../core/errors/index.js";
import type { Expected } from "../source-file.js";
import { decodeImage } from "./decode-image.js";
import { rgbBytes } from "./pixels.js";
import { decodePlainPng, plainPng } from "./plain-png.js";

/** `path` is for messages. Throws data/bad-image, data/image-too-large. */
export async function decodeEncoded(
  bytes: Uint8Array,
  path: string,
  { height, width, channels }: Expected,
): Promise<Uint8Array> {
  const plain = plainPng(bytes, path);
  if (plain && plain.height === height && plain.width === width) {
    const pixels = decodePlainPng(plain, path);
    if (plain.channels === channels) return pixels;
    if (channels === 3) return rgbBytes({ ...plain, data: pixels });
  }
  const colors = await decodeImage(bytes, path, height);
  return channels === 3 ? colors : greyOf(colors, path);
}

/** The one channel of an image with three equal channels; throws for coloured images. */
function greyOf(colors: Uint8Array, path: string): Uint8Array {
  const grey = new Uint8Array(colors.length / 3);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) {
    const value = colors[from]!;
    if (colors[from + 1] !== value || colors[from + 2] !== value)
      throw badImage(path, "a coloured image", "a grey one");
    grey[i] = value;
  }
  return grey;
}
