// Plain PNGs, decoded here rather than by the general decoder: the same pixels, and the same refusal of damage.

import sharp from "sharp";
import { expect, test } from "vitest";
import { decodeEncoded } from "../../src/data/formats/encoded-image.js";
import { decodePlainPng, plainPng } from "../../src/data/formats/plain-png.js";
import { chunk, encoded, pattern, png, pngOfRows } from "../support/images.js";

const decode = (bytes: Uint8Array) => decodePlainPng(plainPng(bytes, "f.png")!, "f.png");
const expected = { count: 1, classes: 1, height: 5, width: 5, channels: 3 };

test("one, two, four and eight bits per pixel are stretched to 0…255", () => {
  const bits = (depth: 1 | 8, bytes: number[], width: number) => [
    ...decode(png({ width, height: 1, depth, color: 0 }, Uint8Array.from(bytes))),
  ];
  expect(bits(1, [0b10100000], 3)).toEqual([255, 0, 255]);
  expect(bits(8, [0, 7, 255], 3)).toEqual([0, 7, 255]);
  const two = pngOfRows({ width: 4, height: 1, depth: 2 as 1, color: 0 }, Uint8Array.of(0, 0b00011011));
  expect([...decode(two)]).toEqual([0, 85, 170, 255]);
  const four = pngOfRows({ width: 2, height: 1, depth: 4 as 1, color: 0 }, Uint8Array.of(0, 0x1f));
  expect([...decode(four)]).toEqual([17, 255]);
});

test("every filter gives the pixels that the general decoder gives", async () => {
  for (const channels of [1, 3] as const) {
    const size = 7;
    const rowBytes = size * channels;
    const rows = new Uint8Array(size * (rowBytes + 1)).map((_, i) => (i * 37 + (i >> 2)) % 256);
    for (let y = 0; y < size; y++) rows[y * (rowBytes + 1)] = y % 5;
    const file = pngOfRows({ width: size, height: size, color: channels === 1 ? 0 : 2 }, rows);
    const raw = await sharp(file)
      .toColourspace(channels === 1 ? "b-w" : "srgb")
      .raw()
      .toBuffer();
    expect(Buffer.from(decode(file))).toEqual(raw);
  }
});

test("what is not plain is left to the general decoder", async () => {
  const alpha = png({ width: 5, height: 5, color: 6 }, new Uint8Array(100));
  const transparent = png({ width: 5, height: 5, extra: [chunk("tRNS", Buffer.alloc(6))] }, pattern(5, 1));
  const deep = png({ width: 5, height: 5, depth: 16 }, new Uint8Array(150));
  for (const file of [alpha, transparent, deep, await encoded("jpeg", 5), Buffer.from("no image")])
    expect(plainPng(file, "f")).toBeUndefined();
});

test("images of another size are stretched, jpegs decoded, grey ones made three channels and back", async () => {
  const small = await decodeEncoded(png({ width: 3, height: 2 }, new Uint8Array(18)), "f", expected);
  expect(small.length).toBe(75);
  expect((await decodeEncoded(await encoded("jpeg", 5), "f", expected)).length).toBe(75);
  const grey = png({ width: 5, height: 5, color: 0 }, pattern(5, 3).subarray(0, 25));
  const colors = await decodeEncoded(grey, "f", expected);
  expect([...colors.subarray(0, 6)]).toEqual([39, 39, 39, 49, 49, 49]);
  const one = { ...expected, channels: 1 };
  expect(await decodeEncoded(grey, "f", one)).toEqual(pattern(5, 3).subarray(0, 25));
  const equal = Uint8Array.from({ length: 75 }, (_, i) => Math.floor(i / 3));
  const jpeg = await sharp(equal, { raw: { width: 5, height: 5, channels: 3 } })
    .jpeg()
    .toBuffer();
  expect((await decodeEncoded(jpeg, "f", one)).length).toBe(25);
  await expect(decodeEncoded(png({ width: 5, height: 5 }, pattern(5, 0)), "f", one)).rejects.toMatchObject({
    code: "data/bad-image",
    message: expect.stringContaining("a coloured image; expected a grey one"),
  });
});

test("a header that declares 2^31 pixels a side takes no room", async () => {
  const bomb = pngOfRows({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }, new Uint8Array(100));
  await expect(decodeEncoded(bomb, "f", expected)).rejects.toMatchObject({ code: /image/ });
});

test("rows that are too many, too few or filtered by no filter are reported", () => {
  const header = { width: 2, height: 2, color: 0 } as const;
  const bad = (rows: readonly number[]) => () => decode(pngOfRows(header, Uint8Array.from(rows)));
  expect(bad([0, 1, 1, 0, 1])).toThrow("5 bytes of pixels instead of 6");
  expect(bad([0, 1, 1, 0, 1, 1, 0])).toThrow("damaged pixels");
  expect(bad([5, 1, 1, 0, 1, 1])).toThrow("a row with filter 5");
});
