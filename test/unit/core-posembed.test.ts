// Position embeddings at other image sizes (method.md §a.5): a grid of 14 × 14 whose value is its place, so that the
// resized values are the source coordinates themselves, as scipy's zoom of order 1 has them.

import { describe, expect, it } from "vitest";
import { resizePosembed } from "../../src/core/posembed.js";

const GRID = 14;
/** Width 2: row and column; the class token is 100, 200. */
const embedding = Float32Array.from([
  100,
  200,
  ...Array.from({ length: GRID * GRID }, (_, i) => [Math.floor(i / GRID), i % GRID]).flat(),
]);

const rows = (resized: Float32Array) => {
  const tokens = Array.from({ length: resized.length / 2 }, (_, i) => [resized[2 * i]!, resized[2 * i + 1]!]);
  return { cls: tokens[0], grid: tokens.slice(1) };
};

describe("a position embedding that is resized", () => {
  it.each([
    [1, [0]],
    [2, [0, 13]],
    [5, [0, 3.25, 6.5, 9.75, 13]],
    [24, Array.from({ length: 24 }, (_, i) => (i * 13) / 23)],
  ])("to a grid of %i has its corners on the old corners", (size, coordinates) => {
    const { grid } = rows(resizePosembed(embedding, 2, GRID, size));
    const expected = coordinates.flatMap((y) => coordinates.map((x) => [y, x]));
    expect(grid.length).toBe(size * size);
    grid.forEach(([y, x], i) => {
      expect(y).toBeCloseTo(expected[i]![0]!, 5);
      expect(x).toBeCloseTo(expected[i]![1]!, 5);
    });
  });

  it("keeps the class token's row to the bit", () => {
    for (const size of [1, 2, 5, 24])
      expect(rows(resizePosembed(embedding, 2, GRID, size)).cls).toEqual([100, 200]);
  });

  it("to its own grid is itself", () => {
    expect(resizePosembed(embedding, 2, GRID, GRID)).toEqual(embedding);
  });

  it("at 32 pixels is the four corners of the checkpoint's grid", () => {
    expect(rows(resizePosembed(embedding, 2, GRID, 2)).grid).toEqual([
      [0, 0],
      [0, 13],
      [13, 0],
      [13, 13],
    ]);
  });

  it("refuses values that are no such grid", () => {
    expect(() => resizePosembed(embedding, 2, 13, 2)).toThrow("are not a grid of 13");
  });
});
