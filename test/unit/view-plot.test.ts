// Axes: round ticks over any values, also where all are the same but for rounding.

import fc from "fast-check";
import { expect, test } from "vitest";
import { axisFor } from "../../src/figures/scenes/plot.js";

test("an axis over values that differ by rounding alone has a few ticks around them", () => {
  for (const value of [0.81, 7895.333, 1e-9]) {
    const { ticks, at } = axisFor([value, value * (1 + 2e-16)], 0, 300, {
      limits: [0, Number.POSITIVE_INFINITY],
    });
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThan(12);
    expect(at(value)).toBeCloseTo(150, 0);
  }
});

test("an axis has few, round ticks and all values in it, whatever they are", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 8 }), (values) => {
      const { ticks, at } = axisFor(values, 0, 300, { limits: [0, Number.POSITIVE_INFINITY] });
      expect(ticks.length).toBeLessThan(20);
      for (const value of values) {
        expect(at(value)).toBeGreaterThanOrEqual(-1e-6);
        expect(at(value)).toBeLessThanOrEqual(300 + 1e-6);
      }
    }),
  );
});
