// Omniglot's zips: which member is which row, and the errors of others.

import { expect, test } from "vitest";
import { readOmniglot } from "../../src/data/formats/omniglot.js";
import { gathered } from "../support/gathered.js";
import { png } from "../support/images.js";
import { zip } from "../support/records.js";

const expected = { count: 4, classes: 3, height: 2, width: 8, channels: 1 };
const drawing = (byte: number) => png({ width: 8, height: 2, depth: 1, color: 0 }, Uint8Array.of(byte, byte));

const files = {
  "set/B/character01/0003_01.png": drawing(0b11111111),
  "set/A/character02/0002_01.png": drawing(0b00000001),
  "set/A/character01/0001_02.png": drawing(0b10000000),
  "set/A/character01/0001_01.png": drawing(0),
  "set/A/": new Uint8Array(0),
  "__MACOSX/set/._x": new Uint8Array(3),
};

function read(archive: Uint8Array, wants?: (row: number) => boolean) {
  const rows = gathered(4, 16, wants);
  readOmniglot({ path: "o.zip", bytes: archive }, expected, rows);
  return rows;
}

test("rows are in the order of alphabet, character and drawer, labels the character's number less one", () => {
  const rows = read(zip(files));
  expect([...rows.labels]).toEqual([0, 0, 1, 2]);
  expect(rows.order).toEqual([0, 1, 2, 3]);
  expect([...rows.pixels.subarray(16, 24)]).toEqual([255, 0, 0, 0, 0, 0, 0, 0]);
  expect(rows.pixels.subarray(48).every((byte) => byte === 255)).toBe(true);
});

test("the same drawings packed otherwise, in another set's folder, are the same rows", () => {
  const repacked = Object.fromEntries(
    Object.entries(files)
      .reverse()
      .map(([name, bytes]) => [name.replace("set", "other"), bytes]),
  );
  expect(read(zip(repacked, 0))).toMatchObject({ pixels: read(zip(files)).pixels, order: [0, 1, 2, 3] });
});

test("only wanted drawings are decoded", () => {
  const broken = { ...files, "set/A/character01/0001_01.png": Buffer.from("no image") };
  expect(read(zip(broken), (row) => row > 0).order).toEqual([1, 2, 3]);
  expect(() => read(zip(broken))).toThrow("o.zip (set/A/character01/0001_01.png): another kind of image");
});

test("too few drawings, a character beyond the classes and drawings of another size are reported", () => {
  const { "set/B/character01/0003_01.png": _, ...fewer } = files;
  expect(() => read(zip(fewer))).toThrow("o.zip: 3 drawings; expected 4 drawings");
  expect(() => read(zip({ ...fewer, "set/B/character01/0009_01.png": drawing(0) }))).toThrow(
    "image 3 has label 8, but the task has 3 classes",
  );
  const wide = png({ width: 16, height: 2, depth: 1, color: 0 }, new Uint8Array(4));
  expect(() => read(zip({ ...fewer, "set/B/character01/0003_01.png": wide }))).toThrow(
    "expected a grey PNG of 8 × 2 pixels",
  );
});
