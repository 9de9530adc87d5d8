// The kinds of image beside PNG, JPEG and WebP: every one becomes the same RGB bytes, and damage is an error that names
// the file. What is decoded in this thread is what the general decoder gives.

import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeImage, decodeSmallImage, highestSample } from "../../src/data/formats/decode-image.js";
import { resized } from "../../src/data/formats/pixels.js";
import { loadPlainJpeg } from "../../src/data/formats/plain-jpeg.js";
import { chunk, pattern, png } from "../support/images.js";
import { GREY16_JP2, RGB_J2K, RGB_JP2, RGBA_J2K } from "../support/jpeg2000.js";

const grey = (...values: number[]) => values.flatMap((value) => [value, value, value]);
const decoded = async (bytes: Uint8Array, size: number, bits?: number) => [
  ...(await decodeImage(bytes, "x", size, bits === undefined ? {} : { bits })),
];
const text = (value: string) => Buffer.from(value, "latin1");
const join = (...parts: (string | readonly number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? text(part) : Buffer.from(part))));
const refusal = (found: string) => ({
  code: "data/bad-image",
  message: expect.stringContaining(`x: ${found}`),
});

describe("Netpbm", () => {
  test.each<[string, Buffer, readonly number[]]>([
    ["a bitmap as text, bits side by side", text("P1\n# one is black\n2 2\n10\n0 1"), grey(0, 255, 255, 0)],
    ["grey as text", text("P2 2 2 100\n0 50\n100 25 "), grey(0, 128, 255, 64)],
    ["colours as text", text("P3\n1 1 # white is 15\n15\n15 0 5\n"), [255, 0, 85]],
    [
      "a bitmap",
      join("P4\n3 3\n", [0b101_00000, 0b010_00000, 0]),
      grey(0, 255, 0, 255, 0, 255, 255, 255, 255),
    ],
    ["grey", join("P5 2 2 255\n", [1, 2, 3, 254]), grey(1, 2, 3, 254)],
    [
      "grey of 12 bits",
      join("P5 2 2 4095\n", [0, 0, 0x0f, 0xff, 0x08, 0x00, 0x01, 0x00]),
      grey(0, 255, 128, 16),
    ],
    ["colours, a comment in the header", join("P6\n#c\n1 1\n255\n", [9, 8, 7]), [9, 8, 7]],
    ["colours of 16 bits", join("P6 1 1 65535 ", [0xff, 0xff, 0x80, 0x80, 0, 0]), [255, 128, 0]],
  ])("%s", async (_, bytes, pixels) => {
    expect(await decoded(bytes, Math.sqrt(pixels.length / 3))).toEqual(pixels);
  });

  test.each<[string, Buffer, string]>([
    ["cut off", join("P6 2 2 255\n", [1, 2, 3]), "14 bytes for 2 × 2 pixels (it is cut off)"],
    ["text that ends", text("P2 2 2 9\n1 2 3"), "14 bytes for 2 × 2 pixels (it is cut off)"],
    ["a sample above white", text("P2 1 1 9\n10"), "a sample of 10 where white is 9"],
    ["no number", text("P2 1 1 9\nx"), "a sample that is not a number"],
    ["no size", text("P5 # only a comment"), "a damaged header"],
    ["no pixels", text("P5 0 4 255\n"), "0 × 4 pixels"],
  ])("%s is an error", async (_, bytes, found) => {
    await expect(decodeImage(bytes, "x", 2)).rejects.toMatchObject(refusal(found));
  });

  test("a header that promises too much is refused before there is room for it", async () => {
    await expect(decodeImage(text("P6 60000 60000 255\n"), "x", 2)).rejects.toMatchObject({
      code: "data/image-too-large",
    });
  });
});

interface BmpParts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly palette?: readonly number[];
  readonly masks?: readonly number[];
  readonly colors?: number;
  readonly data: readonly number[];
}

/** A bitmap with Windows' header of 40 bytes. */
function bmp({
  width,
  height,
  bits,
  compression = 0,
  palette = [],
  masks = [],
  colors = 0,
  data,
}: BmpParts): Buffer {
  const header = Buffer.alloc(54 + masks.length * 4);
  header.write("BM");
  header.writeUInt32LE(header.length + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  header.writeUInt32LE(colors, 46);
  for (const [i, mask] of masks.entries()) header.writeUInt32LE(mask, 54 + 4 * i);
  return Buffer.concat([header, Buffer.from(palette), Buffer.from(data)]);
}

describe("Windows bitmaps", () => {
  const two = { width: 2, height: 2 };
  const palette = [0, 0, 0, 0, 255, 255, 255, 0, 10, 20, 30, 0]; // black, white, and (30, 20, 10)
  const [black, white, brown] = [grey(0), grey(255), [30, 20, 10]];

  test.each<[string, Buffer, readonly number[]]>([
    [
      "24 bits, the last row first",
      bmp({ ...two, bits: 24, data: [3, 2, 1, 6, 5, 4, 0, 0, 9, 8, 7, 12, 11, 10, 0, 0] }),
      [7, 8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6],
    ],
    [
      "24 bits, the first row first",
      bmp({ width: 1, height: -2, bits: 24, data: [3, 2, 1, 0, 6, 5, 4, 0] }),
      [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6],
    ],
    [
      "8 bits",
      bmp({ ...two, bits: 8, palette, colors: 3, data: [0, 1, 0, 0, 2, 2, 0, 0] }),
      [...brown, ...brown, ...black, ...white],
    ],
    [
      "4 bits",
      bmp({ ...two, bits: 4, palette, colors: 3, data: [0x01, 0, 0, 0, 0x22, 0, 0, 0] }),
      [...brown, ...brown, ...black, ...white],
    ],
    [
      "1 bit",
      bmp({ ...two, bits: 1, palette: palette.slice(0, 8), data: [0x40, 0, 0, 0, 0x80, 0, 0, 0] }),
      [...white, ...black, ...black, ...white],
    ],
    [
      "run lengths of 8 bits: a run, an end of row, values as they are",
      bmp({ ...two, bits: 8, compression: 1, palette, colors: 3, data: [2, 2, 0, 0, 1, 0, 1, 1, 0, 1] }),
      [...black, ...white, ...brown, ...brown],
    ],
    [
      "run lengths of 4 bits, with a literal",
      bmp({
        width: 4,
        height: 1,
        bits: 4,
        compression: 2,
        palette,
        colors: 3,
        data: [0, 4, 0x21, 0x01, 0, 1],
      }),
      [...brown, ...white, ...black, ...white].flatMap((_, i, all) =>
        i === 0 ? Array(4).fill(all).flat() : [],
      ),
    ],
    ["16 bits of 5 each", bmp({ width: 1, height: 1, bits: 16, data: [0x1f, 0x7c, 0, 0] }), [255, 0, 255]],
    [
      "16 bits by masks of 5, 6 and 5",
      bmp({
        width: 1,
        height: 1,
        bits: 16,
        compression: 3,
        masks: [0xf800, 0x07e0, 0x001f],
        data: [0xe0, 0x07, 0, 0],
      }),
      [0, 255, 0],
    ],
    ["32 bits, the fourth unused", bmp({ width: 1, height: 1, bits: 32, data: [3, 2, 1, 0] }), [1, 2, 3]],
    [
      "32 bits with transparency on white",
      bmp({
        width: 1,
        height: 1,
        bits: 32,
        compression: 6,
        masks: [0xff0000, 0xff00, 0xff, 0xff000000],
        data: [0, 0, 200, 0],
      }),
      [255, 255, 255],
    ],
  ])("%s", async (_, bytes, pixels) => {
    expect(await decoded(bytes, Math.sqrt(pixels.length / 3))).toEqual(pixels);
  });

  test("the header of OS/2, whose palette has three bytes a colour", async () => {
    const header = Buffer.alloc(26);
    header.write("BM");
    header.writeUInt32LE(32, 10);
    header.writeUInt32LE(12, 14);
    header.writeUInt16LE(1, 18);
    header.writeUInt16LE(1, 20);
    header.writeUInt16LE(1, 22);
    header.writeUInt16LE(1, 24);
    expect(await decoded(join([...header], [0, 0, 0, 1, 2, 3], [0x80, 0, 0, 0]), 1)).toEqual([3, 2, 1]);
  });

  test.each<[string, Buffer, string]>([
    ["cut off", bmp({ ...two, bits: 24, data: [1, 2, 3] }), "57 bytes without all of its pixels"],
    [
      "a colour outside the palette",
      bmp({ ...two, bits: 8, palette, colors: 3, data: Array(8).fill(3) }),
      "colour 3 of a palette of 3",
    ],
    [
      "a run that leaves the row",
      bmp({ ...two, bits: 8, compression: 1, palette, colors: 3, data: [3, 0] }),
      "a run that reaches outside",
    ],
    [
      "a run without end",
      bmp({ ...two, bits: 8, compression: 1, palette, colors: 3, data: [2, 0] }),
      "68 bytes without",
    ],
    [
      "a JPEG inside",
      bmp({ ...two, bits: 24, compression: 4, data: [] }),
      "a bitmap of 24 bits per pixel, compression 4",
    ],
    ["no pixels", bmp({ width: 0, height: 2, bits: 24, data: [] }), "0 × 2 pixels"],
    [
      "a palette beyond its bits",
      bmp({ ...two, bits: 1, colors: 300, data: [] }),
      "a palette of 300 colours",
    ],
    ["nothing behind the name", text("BM"), "2 bytes (it is cut off)"],
  ])("%s is an error", async (_, bytes, found) => {
    await expect(decodeImage(bytes, "x", 2)).rejects.toMatchObject(refusal(found));
  });
});

describe("JPEG 2000", () => {
  const sample = (i: number) => (37 * i + Math.floor(i ** 2 / 7)) % 256;

  test("a file and a bare codestream of another encoder, without loss", async () => {
    const pixels = Array.from({ length: 192 }, (_, i) => sample(i));
    expect(await decoded(RGB_JP2, 8)).toEqual(pixels);
    expect(await decoded(RGB_J2K, 8)).toEqual(pixels);
  });

  test("16 bits become 8", async () => {
    const pixels = grey(...Array.from({ length: 64 }, (_, i) => Math.round((1000 * i * 255) / 65_535)));
    expect(await decoded(GREY16_JP2, 8)).toEqual(pixels);
  });

  test("what is cut off anywhere, or has transparency, is an error and not a word on the terminal", async () => {
    for (let at = 12; at < RGB_JP2.length; at += 23)
      await expect(decodeImage(RGB_JP2.subarray(0, at), "x", 8)).rejects.toMatchObject({
        code: "data/bad-image",
      });
    await expect(decodeImage(RGBA_J2K, "x", 8)).rejects.toMatchObject(refusal("4 components"));
    const wide = Buffer.from(RGB_J2K);
    wide.writeUInt32BE(60_000, 8);
    wide.writeUInt32BE(60_000, 12);
    await expect(decodeImage(wide, "x", 8)).rejects.toMatchObject({ code: "data/image-too-large" });
  });
});

describe("GIF and TIFF", () => {
  const raw = (count = 1) =>
    sharp(Buffer.concat(Array.from({ length: count }, (_, i) => pattern(8, i))), {
      raw: { width: 8, height: 8 * count, channels: 3, ...(count > 1 && { pageHeight: 8 }) },
    });

  test("a TIFF keeps its pixels however it is packed", async () => {
    for (const compression of ["none", "lzw", "deflate", "packbits"] as const)
      expect(await decoded(await raw().tiff({ compression }).toBuffer(), 8)).toEqual([...pattern(8, 0)]);
  });

  test("a GIF of few colours keeps them, and of an animation the first frame is taken", async () => {
    const frame = (value: number) => new Uint8Array(192).fill(value);
    const two = sharp(Buffer.concat([frame(40), frame(200)]), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    });
    expect(await decoded(await two.gif().toBuffer(), 1)).toEqual([40, 40, 40]);
  });

  test("what is cut off is an error", async () => {
    for (const bytes of [await raw().gif().toBuffer(), await raw().tiff({ compression: "lzw" }).toBuffer()])
      await expect(
        decodeImage(bytes.subarray(0, bytes.length / 2), "x", 8, { strict: true }),
      ).rejects.toMatchObject({ code: "data/bad-image" });
  });
});

describe("samples of 16 bits", () => {
  const values = [0, 1000, 2000, 4095];
  const words = Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));
  const twelve = grey(...values.map((value) => Math.round((value * 255) / 4095)));

  test("say their highest, and 12 of them are scaled where the set has no more", async () => {
    const netpbm = join("P5 2 2 65535\n", [...words]);
    const portable = png({ width: 2, height: 2, color: 0, depth: 16 }, words);
    const tiff = await sharp(Uint16Array.from(values), { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace("grey16")
      .tiff({ compression: "none" })
      .toBuffer();
    for (const bytes of [netpbm, portable, tiff]) {
      expect(await highestSample(bytes, "x")).toBe(4095);
      expect(await decoded(bytes, 2, 12)).toEqual(twelve);
    }
    expect(await decoded(netpbm, 2)).toEqual(grey(0, 4, 8, 16));
  });

  test("are not looked for elsewhere", async () => {
    const eight = png({ width: 2, height: 2, color: 0 }, Uint8Array.of(1, 2, 3, 4));
    expect(await highestSample(eight, "x")).toBeUndefined();
    expect(await highestSample(await sharp(eight).tiff().toBuffer(), "x")).toBeUndefined();
  });
});

describe("small images", () => {
  test("are made smaller and larger as by Pillow, to within rounding", () => {
    const data = Uint8Array.from({ length: 35 }, (_, i) => (i * 41) % 256);
    const pixels = { width: 7, height: 5, channels: 1, data } as const;
    // PIL.Image.resize(…, BILINEAR), Pillow 11
    const smaller = [48, 136, 185, 97, 160, 84, 146, 159, 66];
    const larger = [
      0, 27, 59, 91, 123, 155, 187, 219, 246, 10, 37, 69, 101, 133, 165, 197, 201, 171, 28, 55, 87, 119, 151,
      183, 215, 170, 46, 45, 72, 104, 136, 168, 200, 169, 102, 35, 62, 89, 121, 153, 185, 217, 107, 25, 52,
      79, 106, 138, 170, 202, 124, 61, 42, 69, 96, 123, 155, 187, 219, 52, 27, 59, 86, 114, 141, 173, 205,
      237, 70, 45, 77, 104, 124, 151, 183, 215, 247, 80, 55, 87, 114,
    ];
    for (const [size, expected] of [
      [3, smaller],
      [9, larger],
    ] as const)
      [...resized(pixels, size).data].forEach((value, i) => {
        expect(Math.abs(value - expected[i]!), `${size}: ${i}`).toBeLessThanOrEqual(1);
      });
  });

  test("are what the general decoder gives, in every kind that both read", async () => {
    await loadPlainJpeg();
    const source = (width: number, height: number) =>
      sharp(
        Uint8Array.from(
          { length: width * height * 3 },
          (_, i) => (128 + 100 * Math.sin(i / 40) + (i % 3) * 8) & 255,
        ),
        { raw: { width, height, channels: 3 } },
      );
    for (const [width, height] of [
      [8, 8],
      [48, 31],
      [17, 90],
    ] as const) {
      const image = source(width, height);
      const files = {
        png: await image.clone().png().toBuffer(),
        palette: await image.clone().png({ palette: true }).toBuffer(),
        "grey png": await image.clone().greyscale().png().toBuffer(),
        alpha: await image.clone().ensureAlpha(0.4).png().toBuffer(),
        jpeg: await image.clone().jpeg().toBuffer(),
        "progressive jpeg": await image.clone().jpeg({ progressive: true }).toBuffer(),
        "4:4:4": await image.clone().jpeg({ chromaSubsampling: "4:4:4" }).toBuffer(),
        "grey jpeg": await image.clone().greyscale().jpeg().toBuffer(),
      };
      for (const [kind, bytes] of Object.entries(files))
        for (const size of [8, 32]) {
          const here = decodeSmallImage(bytes, "x", size);
          expect(here, kind).toBeDefined();
          const there = await decodeImage(bytes, "x", size, { alike: true });
          const worst = Math.max(...there.map((value, i) => Math.abs(value - here![i]!)));
          expect(worst, `${kind} ${width} × ${height} to ${size}`).toBeLessThanOrEqual(3);
        }
    }
  });

  test("leave to the general decoder what needs more than pixels", async () => {
    await loadPlainJpeg();
    const image = sharp(pattern(16, 0), { raw: { width: 16, height: 16, channels: 3 } });
    const turned = await image.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const profiled = await image.clone().withIccProfile("p3").jpeg().toBuffer();
    const cmyk = await image.clone().toColourspace("cmyk").jpeg().toBuffer();
    const whole = await image.clone().jpeg().toBuffer();
    const clear = png(
      { width: 1, height: 1, extra: [chunk("tRNS", Uint8Array.of(0, 50, 0, 60, 0, 70))] },
      Uint8Array.of(50, 60, 70),
    );
    for (const bytes of [
      turned,
      profiled,
      cmyk,
      whole.subarray(0, whole.length - 9),
      clear,
      await image.clone().webp().toBuffer(),
    ])
      expect(decodeSmallImage(bytes, "x", 8)).toBeUndefined();
  });
});
