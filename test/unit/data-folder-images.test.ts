// Decoding one image: every kind of picture becomes the same RGB bytes that a person sees, and no file can take
// the memory or the process.

import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeImage } from "../../src/data/formats/decode-image.js";
import { diskTree } from "../../src/data/own/tree.js";
import { chunk, encoded, pattern, patternPng, png, pngOfRows } from "../support/images.js";
import { temporaryFolders } from "../support/temporary.js";

const newFolder = temporaryFolders();
const decode = (bytes: Uint8Array, size: number) => decodeImage(bytes, "x.png", size);
const decoded = async (bytes: Uint8Array, size: number) => [...(await decode(bytes, size))];
const grey = (...values: number[]) => values.flatMap((value) => [value, value, value]);

test("an image of the size asked for keeps its pixels", async () => {
  expect(await decode(patternPng(8, 3), 8)).toEqual(Buffer.from(pattern(8, 3)));
  expect(await decode(await encoded("lossless webp", 8, 5), 8)).toEqual(Buffer.from(pattern(8, 5)));
});

test("halving the size averages two by two, to within the filter's slope", async () => {
  const bytes = grey(...[0, 0, 200, 200], ...[0, 0, 200, 200], ...[100, 100, 40, 40], ...[100, 100, 40, 40]);
  const halved = await decoded(png({ width: 4, height: 4 }, Uint8Array.from(bytes)), 2);
  expect(halved).toHaveLength(12);
  expect(halved[0]).toBeLessThan(50);
  expect(halved[3]).toBeGreaterThan(150);
});

test("an image of one colour keeps it at any size and shape", async () => {
  for (const [width, height] of [
    [1, 1],
    [1, 300],
    [300, 1],
    [7, 5],
    [64, 64],
  ] as const) {
    const colour = Uint8Array.from({ length: width * height * 3 }, (_, i) => [10, 120, 250][i % 3]!);
    const pixels = await decoded(png({ width, height }, colour), 3);
    expect(pixels).toEqual(Array.from({ length: 9 }, () => [10, 120, 250]).flat());
  }
});

test("grey of 1, 8 and 16 bits becomes three equal channels of 8", async () => {
  const two = { width: 2, height: 2 };
  expect(await decoded(png({ ...two, color: 0 }, Uint8Array.of(0, 90, 200, 255)), 2)).toEqual(
    grey(0, 90, 200, 255),
  );
  expect(
    await decoded(png({ ...two, color: 0, depth: 1 }, Uint8Array.of(0b01000000, 0b10000000)), 2),
  ).toEqual(grey(0, 255, 255, 0));
  const words = Uint8Array.of(0, 0, 0x5a, 0x11, 0xc8, 0xee, 0xff, 0xff);
  expect(await decoded(png({ ...two, color: 0, depth: 16 }, words), 2)).toEqual(grey(0, 0x5a, 0xc8, 255));
});

test("RGB of 16 bits becomes 8", async () => {
  const words = Uint8Array.of(0x12, 0x34, 0x80, 0x00, 0xff, 0xff);
  expect(await decoded(png({ width: 1, height: 1, depth: 16 }, words), 1)).toEqual([0x12, 0x80, 0xff]);
});

test("what is transparent is white, half of it half white, in 8 and 16 bits", async () => {
  const row = { width: 2, height: 2 };
  const rgba = Uint8Array.of(255, 0, 0, 255, 9, 9, 9, 0, 0, 0, 0, 128, 0, 255, 0, 255);
  expect(await decoded(png({ ...row, color: 6 }, rgba), 2)).toEqual([
    255, 0, 0, 255, 255, 255, 127, 127, 127, 0, 255, 0,
  ]);
  expect(await decoded(png({ ...row, color: 4 }, Uint8Array.of(7, 255, 7, 0, 0, 0, 90, 255)), 2)).toEqual(
    grey(7, 255, 255, 90),
  );
  const deep = await decoded(png({ width: 1, height: 1, color: 6, depth: 16 }, new Uint8Array(8)), 1);
  expect(deep).toEqual([255, 255, 255]);
});

test("a transparent colour of an RGB image is white too", async () => {
  const clear = chunk("tRNS", Uint8Array.of(0, 50, 0, 60, 0, 70));
  const bytes = png({ width: 1, height: 1, extra: [clear] }, Uint8Array.of(50, 60, 70));
  expect(await decoded(bytes, 1)).toEqual([255, 255, 255]);
});

test("the orientation in EXIF is followed: the picture is as a viewer shows it", async () => {
  // Left half black, right half white; turned a quarter clockwise (6) black is on top, mirrored (2) it is right.
  const halves = Uint8Array.from({ length: 16 * 16 * 3 }, (_, i) => (i % 48 < 24 ? 0 : 255));
  const oriented = (orientation: number, kind: "jpeg" | "png" | "webp") =>
    sharp(halves, { raw: { width: 16, height: 16, channels: 3 } })
      .withMetadata({ orientation })
      .toFormat(kind, { quality: 100, lossless: true })
      .toBuffer();
  for (const kind of ["jpeg", "png", "webp"] as const) {
    const corners = async (orientation: number) => {
      const pixels = await decoded(await oriented(orientation, kind), 4);
      return [0, 3, 12, 15].map((p) => (pixels[p * 3]! > 128 ? "w" : "b")).join("");
    };
    expect([kind, await corners(1)]).toEqual([kind, "bwbw"]);
    expect([kind, await corners(2)]).toEqual([kind, "wbwb"]);
    expect([kind, await corners(6)]).toEqual([kind, "bbww"]);
    expect([kind, await corners(8)]).toEqual([kind, "wwbb"]);
  }
});

test("JPEG and WebP of every kind come near to what was put in", async () => {
  const smooth = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => Math.floor((i % 192) / 3) * 3 + 20);
  const raw = () => sharp(smooth, { raw: { width: 64, height: 64, channels: 3 } });
  const truth = await decoded(await raw().png().toBuffer(), 16);
  const files = [
    await raw().jpeg().toBuffer(),
    await raw().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
    await raw().greyscale().jpeg().toBuffer(),
    await raw().webp().toBuffer(),
  ];
  for (const file of files) {
    const pixels = await decoded(file, 16);
    expect(pixels).toHaveLength(truth.length);
    pixels.forEach((value, i) => {
      expect(Math.abs(value - truth[i]!)).toBeLessThan(16);
    });
  }
});

test("a JPEG in CMYK becomes RGB by its profile, which is coarser", async () => {
  const red = { width: 16, height: 16, channels: 3, background: "#d02030" } as const;
  const pixels = await decoded(await sharp({ create: red }).toColourspace("cmyk").jpeg().toBuffer(), 1);
  [0xd0, 0x20, 0x30].forEach((value, i) => {
    expect(Math.abs(pixels[i]! - value)).toBeLessThan(48);
  });
});

test("of an animation the first frame is taken", async () => {
  const frames = Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => (i < 48 ? 30 : 220));
  const animated = await sharp(frames, { raw: { width: 4, height: 8, channels: 3, pageHeight: 4 } })
    .webp({ lossless: true })
    .toBuffer();
  expect(await decoded(animated, 1)).toEqual([30, 30, 30]);
});

test("kinds that other decoders would read are refused, whatever their name", async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
  const avif = await sharp(patternPng(16, 0)).avif().toBuffer();
  const pdf = Buffer.from("%PDF-1.7");
  for (const bytes of [svg, avif, pdf, Buffer.from("P9 1 1"), Buffer.from("GIF88a")])
    await expect(decode(bytes, 4)).rejects.toMatchObject({
      code: "data/bad-image",
      message: expect.stringContaining("x.png: not an image of a kind that is read"),
    });
  await expect(decode(new Uint8Array(), 4)).rejects.toThrow("x.png: an empty file");
});

test("a cut off image is an error that names the file", async () => {
  const whole = patternPng(32, 1);
  await expect(decode(whole.subarray(0, 100), 8)).rejects.toThrow(
    "x.png: 100 bytes without its end (it is cut off)",
  );
  for (const kind of ["jpeg", "progressive jpeg", "webp", "lossless webp"] as const) {
    const bytes = await encoded(kind, 64);
    await expect(decode(bytes.subarray(0, bytes.length >> 1), 8)).rejects.toMatchObject({
      code: "data/bad-image",
      message: expect.stringContaining("x.png"),
    });
  }
});

test("a JPEG that its decoder can only guess the rest of is an error in a person's own files, none in published sets", async () => {
  const whole = await encoded("jpeg", 64);
  const end = whole.length - 2; // the marker of its end
  const short = Buffer.concat([whole.subarray(0, end - 30), whole.subarray(end)]);
  await expect(decodeImage(short, "x.jpg", 64, { strict: true })).rejects.toMatchObject({
    code: "data/bad-image",
    message: expect.stringContaining("x.jpg: VipsJpeg: Corrupt JPEG data"),
  });
  expect(await decodeImage(short, "x.jpg", 64)).toHaveLength(64 * 64 * 3);
  expect(await decodeImage(whole, "x.jpg", 64, { strict: true })).toEqual(
    await decodeImage(whole, "x.jpg", 64),
  );
});

test("a flipped bit in a JPEG is found out more often by a strict decoder, and never less", async () => {
  const whole = await encoded("jpeg", 16);
  let [refused, strictly] = [0, 0];
  for (let bit = 5; bit < whole.length * 8; bit += 41) {
    const bytes = Buffer.from(whole);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    const fails = (strict: boolean) =>
      decodeImage(bytes, "x.jpg", 16, { strict }).then(
        () => false,
        () => true,
      );
    const [loose, strict] = [await fails(false), await fails(true)];
    expect(loose && !strict).toBe(false);
    refused += Number(loose);
    strictly += Number(strict);
  }
  expect(strictly).toBeGreaterThan(refused);
});

test("damage in a chunk that a decoder would do without is found out too", async () => {
  const clear = chunk("tRNS", Uint8Array.of(0, 50, 0, 60, 0, 70));
  clear[9] = 51;
  const bytes = png({ width: 1, height: 1, extra: [clear] }, Uint8Array.of(50, 60, 70));
  await expect(decode(bytes, 1)).rejects.toThrow("a chunk (tRNS) does not match its checksum");
});

test.each([
  ["sides of 60,000", 60_000, 60_000],
  ["sides of 2³¹ - 1", 2 ** 31 - 1, 2 ** 31 - 1],
  ["a single endless row", 2 ** 31 - 1, 1],
  ["a column longer than any picture's", 1, 60_000_000],
  ["no pixels", 0, 4],
])("a header with %s is refused before anything is decoded", async (_, width, height) => {
  const before = process.memoryUsage().rss;
  await expect(decode(pngOfRows({ width, height }, new Uint8Array(100)), 4)).rejects.toMatchObject({
    code: expect.stringMatching(/^data\/(image-too-large|bad-image)$/),
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
});

test("large images wait for one another, and a bad one does not stop the next", async () => {
  const black = { width: 5000, height: 4000, color: 0, depth: 1 } as const;
  const large = pngOfRows(black, new Uint8Array(626 * 4000));
  const short = pngOfRows(black, new Uint8Array(626 * 1000)); // sound checksums, a quarter of the rows
  const [before, bad, after] = await Promise.allSettled(
    [large, short, large].map((bytes) => decoded(bytes, 1)),
  );
  expect([before, after]).toEqual([0, 0].map(() => ({ status: "fulfilled", value: [0, 0, 0] })));
  expect(bad).toMatchObject({ status: "rejected", reason: { code: "data/bad-image" } });
});

test("the size of a bomb is said", async () => {
  const rows = new Uint8Array(20_000 * 2501);
  const bomb = pngOfRows({ width: 20_000, height: 20_000, color: 0, depth: 1 }, rows);
  expect(bomb.length).toBeLessThan(100_000);
  await expect(decode(bomb, 4)).rejects.toMatchObject({
    code: "data/image-too-large",
    message: expect.stringContaining("20000 × 20000 pixels; expected at most 67108864 pixels in all"),
  });
});

/** The tree of a folder, and its entry of that name. */
async function entry(folder: string, name: string) {
  const tree = diskTree(folder, false);
  const { folders, images } = await tree.list(tree.root);
  return { tree, node: [...folders, ...images].find((node) => node.name === name) };
}

test("a file too large for any image is refused before it is read", async () => {
  const folder = newFolder();
  writeFileSync(join(folder, "a.png"), "");
  truncateSync(join(folder, "a.png"), 2 ** 26 + 1); // a hole, no disk is used
  const { tree, node } = await entry(folder, "a.png");
  expect(() => tree.read(node!)).toThrow(expect.objectContaining({ code: "data/image-too-large" }));
});

test("what can't be read, or became a link or a folder after it was listed, is an error that names it", async () => {
  const folder = newFolder();
  const become: Record<string, (path: string) => void> = {
    "absent.png": () => {},
    "d.png": (path) => mkdirSync(path),
    "l.png": (path) => symlinkSync("other.png", path),
  };
  writeFileSync(join(folder, "other.png"), patternPng(4, 0));
  for (const [name, change] of Object.entries(become)) {
    writeFileSync(join(folder, name), "");
    const { tree, node } = await entry(folder, name);
    rmSync(join(folder, name));
    change(join(folder, name));
    expect(() => tree.read(node!)).toThrow(
      expect.objectContaining({ code: "data/bad-image", message: expect.stringContaining(name) }),
    );
  }
});
