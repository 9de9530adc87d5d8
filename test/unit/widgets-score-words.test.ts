// The caption of the scale factor's slider says how the run really scores.

import { expect, test } from "vitest";
import { munet } from "../../src/core/methods.js";
import { scoreText } from "../../src/format/settings.js";
import { formulaText } from "../../widgets/panels/pareto/scale-control.js";

const of = (changes: object) => ({ ...munet, rootParams: 1_000_000, ...changes });

test.each([
  [
    {},
    "Score = accuracy × 1^(accounted parameters ÷ 1\u202f000\u202f000), which is the accuracy; the divisor",
  ],
  [{ scaleFactor: 0.3 }, "accuracy × 0.3^(accounted parameters ÷ 1\u202f000\u202f000); the divisor"],
  [{ computeFactor: 0.99 }, "÷ 1\u202f000\u202f000) × 0.99^(operations ÷ the root's); the divisor"],
  [{ score: "accuracy - params / 1e9" }, "Score = accuracy - params / 1e9, the run's own; the slider"],
])("%j", (changes, expected) => {
  expect(formulaText(of(changes))).toContain(expected);
});

test("in the report and the terminal too", () => {
  expect(scoreText(of({ scaleFactor: 0.3 }))).toBe("scale factor 0.3");
  expect(scoreText(of({ computeFactor: 0.99 }))).toBe("scale factor 1 and compute factor 0.99");
  expect(scoreText(of({ score: "accuracy" }))).toBe("score accuracy");
});
