// SVG as PNG, small enough for a notebook. sharp draws it, and is loaded with the first picture.

/** Pixels in either direction; larger pictures are scaled down. */
const MOST_PIXELS = 2400;

/** `svg` on `ground` as the base64 of a PNG of at most `mostBytes` bytes, with few colours; undefined where it would be larger. */
export async function pngOf(svg: string, mostBytes: number, ground = "#ffffff"): Promise<string | undefined> {
  const { default: sharp } = await import("sharp");
  const drawn = await sharp(Buffer.from(svg), { density: 108 }) // 1.5 pixels per pixel of the SVG
    .resize({ width: MOST_PIXELS, height: MOST_PIXELS, fit: "inside", withoutEnlargement: true })
    .flatten({ background: ground })
    .png({ palette: true, colours: 64, effort: 7 })
    .toBuffer();
  return drawn.byteLength <= mostBytes ? drawn.toString("base64") : undefined;
}
