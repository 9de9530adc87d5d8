// Damage of any kind to a .npz is an error or harmless: never a crash, never other images.

import fc from "fast-check";
import { expect, test } from "vitest";
import { MulabError } from "../../src/core/errors/index.js";
import { readNpz } from "../../src/data/formats/npz.js";
import { gathered } from "../support/gathered.js";
import { imagesNpz, int64, npy, npz } from "../support/npz.js";

const expected = { count: 5, classes: 4, height: 3, width: 3, channels: 3 };

function read(file: Uint8Array) {
  const rows = gathered(5, 27);
  readNpz({ path: "f.npz", bytes: file }, expected, rows);
  return rows;
}

const whole = imagesNpz(5, 3, 4);
const { pixels, labels } = read(whole);

function sameOrError(file: Uint8Array): void {
  try {
    expect(read(file)).toMatchObject({ pixels, labels });
  } catch (error) {
    if (!(error instanceof MulabError)) throw error;
  }
}

test("every single flipped bit is found out or makes no difference", () => {
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const file = whole.slice();
    file[bit >> 3]! ^= 1 << (bit & 7);
    sameOrError(file);
  }
});

test("any few overwritten bytes are found out or make no difference", () => {
  const overwrite = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(overwrite, { minLength: 1, maxLength: 6 }), (changes) => {
      const file = whole.slice();
      for (const { at, byte } of changes) file[at] = byte;
      sameOrError(file);
    }),
    { numRuns: 2000 },
  );
});

test("any bytes at all are an error, not a crash", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (file) => {
      expect(() => read(file)).toThrow(MulabError);
    }),
  );
});

test("whatever images and labels are written are read back", () => {
  const side = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(
      fc.nat(6),
      side,
      side,
      fc.constantFrom(1, 3),
      fc.nat(255),
      (count, height, width, channels, fill) => {
        const pixels = Uint8Array.from(
          { length: count * height * width * channels },
          (_, i) => (i * fill) % 256,
        );
        const labels = Array.from({ length: count }, (_, i) => (i * fill) % 4);
        const file = npz({
          images: npy({ dtype: "|u1", shape: [count, height, width, channels] }, pixels),
          labels: npy({ dtype: "<i8", shape: [count] }, int64(labels)),
        });
        const rows = gathered(count, height * width * channels);
        readNpz({ path: "f.npz", bytes: file }, { count, classes: 4, height, width, channels }, rows);
        expect(rows.pixels).toEqual(pixels);
        expect([...rows.labels]).toEqual(labels);
      },
    ),
  );
});
