// Laws of folders as tasks: a damaged image never crashes, hangs or passes for another where its format can detect it;
// the drawn splits hold every image once and every class.

import fc from "fast-check";
import { expect, test } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { decodeImage } from "../../src/data/formats/decode-image.js";
import { drawSplits } from "../../src/data/own/draw-splits.js";
import type { OwnImage } from "../../src/data/own/listed.js";
import { chunk, encoded, patternPng } from "../support/images.js";

const SIZE = 8;
const never = (): never => {
  throw new Error("nothing is read here");
};

const orientation = Buffer.from("4d4d002a00000008000101120003000000010006000000000000", "hex"); // EXIF: 6
const files = {
  png: patternPng(24, 2),
  "png with a transparent colour": Buffer.concat([
    patternPng(24, 2).subarray(0, 33),
    chunk("tRNS", Uint8Array.of(0, 50, 0, 60, 0, 70)),
    chunk("eXIf", orientation),
    patternPng(24, 2).subarray(33),
  ]),
  jpeg: await encoded("jpeg", 48),
  "progressive jpeg": await encoded("progressive jpeg", 48),
  webp: await encoded("webp", 48),
  "lossless webp": await encoded("lossless webp", 24),
} as const;
const names = Object.keys(files) as (keyof typeof files)[];

/** The pixels, or undefined where an error was thrown that a person can read. */
async function pixelsOf(bytes: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    const pixels = await decodeImage(bytes, "some/file.png", SIZE);
    expect(pixels.length).toBe(SIZE * SIZE * 3);
    return pixels;
  } catch (error) {
    if (!(error instanceof MulabError)) throw error;
    expect(error.message).toMatch(/^some\/file\.png: ./);
    return undefined;
  }
}

test.each(names)("a %s cut off anywhere is an error or shows the same picture", async (name) => {
  const whole = files[name];
  const truth = await pixelsOf(whole);
  expect(truth).toBeDefined();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), async (length) => {
      const pixels = await pixelsOf(whole.subarray(0, length));
      if (pixels) expect(pixels).toEqual(truth);
    }),
    { numRuns: 150 },
  );
});

test.each([
  "png",
  "png with a transparent colour",
] as const)("any flipped bit of a %s is found out or makes no difference", async (name) => {
  const whole = files[name];
  const truth = await pixelsOf(whole);
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length * 8 - 1), async (bit) => {
      const bytes = Uint8Array.from(whole);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const pixels = await pixelsOf(bytes);
      if (pixels) expect(pixels).toEqual(truth);
    }),
    { numRuns: 500 },
  );
});

test.each(names)("overwritten bytes of a %s give pixels or an error, never a crash", async (name) => {
  const overwrite = fc.record({ at: fc.nat(files[name].length - 1), byte: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(overwrite, { minLength: 1, maxLength: 8 }), async (changes) => {
      const bytes = Uint8Array.from(files[name]);
      for (const { at, byte } of changes) bytes[at] = byte;
      await pixelsOf(bytes);
    }),
    { numRuns: 200 },
  );
});

test("a PNG whose checksums are right and whose content is not gives pixels or an error", async () => {
  const whole = files.png;
  const idat = whole.subarray(41, whole.length - 16);
  const overwrite = fc.record({ at: fc.nat(idat.length - 1), byte: fc.nat(255) });
  const header = fc.uint8Array({ minLength: 13, maxLength: 13 });
  await fc.assert(
    fc.asyncProperty(fc.option(header), fc.array(overwrite, { maxLength: 4 }), async (other, changes) => {
      const data = Uint8Array.from(idat);
      for (const { at, byte } of changes) data[at] = byte;
      const ihdr = other ? chunk("IHDR", other) : whole.subarray(8, 33);
      const end = chunk("IEND", new Uint8Array());
      await pixelsOf(Buffer.concat([whole.subarray(0, 8), ihdr, chunk("IDAT", data), end]));
    }),
    { numRuns: 300 },
  );
});

test("any bytes behind the beginning of a format are an error, not a crash", async () => {
  const beginnings = [[], ...Object.values(files).map((file) => [...file.subarray(0, 20)])];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...beginnings),
      fc.uint8Array({ maxLength: 200 }),
      async (start, rest) => {
        expect(await pixelsOf(Uint8Array.from([...start, ...rest]))).toBeUndefined();
      },
    ),
    { numRuns: 200 },
  );
});

test("drawn splits hold every image once, and every class of enough images in each", () => {
  const share = fc.double({ min: 0.01, max: 0.49, noNaN: true });
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(sizes, share, share, fc.nat(), fc.boolean(), (counts, validation, test, seed, tested) => {
      fc.pre(Math.max(...counts) >= 3);
      const classNames = counts.map((_, label) => `c${label}`);
      const image = (where: string): OwnImage => ({ kind: "file", where, read: never, stamp: () => "" });
      const train = counts.map((count, label) =>
        Array.from({ length: count }, (_, i) => image(`c${label}/${i}`)),
      );
      const given = tested ? { test: counts.map((_, label) => [image(`t${label}`)]) } : {};
      const folder = { classNames, splits: { train, ...given } };
      const draw = (s: number) => drawSplits("f", folder, { validation, test }, rngFromSeed(s));
      const { examples: splits, untested } = draw(seed);
      expect(draw(seed)).toEqual({ examples: splits, untested });
      const rare = counts.flatMap((count, label) => (count < (tested ? 2 : 3) ? [classNames[label]] : []));
      expect(untested).toEqual(rare);
      const all = [...splits.train, ...splits.validation, ...splits.test];
      const expected = [...train.flat(), ...(given.test?.flat() ?? [])];
      expect(all.map(({ image }) => image.where).sort()).toEqual(expected.map(({ where }) => where).sort());
      for (const { image, label } of all) expect(image.where.slice(1).startsWith(String(label))).toBe(true);
      counts.forEach((count, label) => {
        for (const split of ["train", "validation", "test"] as const)
          if (count >= 3) expect(splits[split].some((example) => example.label === label)).toBe(true);
        expect(splits.train.some((example) => example.label === label)).toBe(true);
      });
    }),
  );
});
