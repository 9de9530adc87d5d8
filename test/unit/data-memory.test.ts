// What of a task fits into a machine's memory.

import fc from "fast-check";
import { expect, test } from "vitest";
import { mostTaskBytes, tooLarge } from "../../src/data/memory.js";

test("a task may hold at least 2 GiB", () => {
  expect(mostTaskBytes()).toBeGreaterThanOrEqual(2 ** 31);
});

test("the limit that is named fits, one more does not, and what fits is not spoken of", () => {
  const sizes = fc.record({ train: fc.nat(5000), validation: fc.nat(5000), test: fc.nat(5000) });
  fc.assert(
    fc.property(
      sizes,
      fc.integer({ min: 1, max: 3_000_000 }),
      fc.integer({ min: 1, max: 2 ** 34 }),
      (counts, bytes, most) => {
        const need = (limit: number) => Object.values(counts).map((count) => Math.min(count, limit) * bytes);
        const fits = (limit: number) =>
          need(limit).reduce((sum, size) => sum + size, 0) <= most && Math.max(...need(limit)) < 2 ** 32;
        const found = tooLarge(counts, bytes, most);
        expect(found === undefined).toBe(fits(5000));
        if (found) expect([fits(found.limit), fits(found.limit + 1)]).toEqual([true, false]);
      },
    ),
  );
});
