// The gradient of every operation against finite differences of the reference interpreter.

import { describe, expect, it } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { sizeOf } from "../../src/graph/node.js";
import { gradients } from "../../src/graph/vjp.js";
import { interpret } from "../support/graph-interpreter.js";
import { build, examples } from "../support/operations.js";

describe("gradients against finite differences", () => {
  it.each(examples.filter(([, { smooth }]) => smooth !== false))("%s", (_, example) => {
    const { g, inputs, result } = build(example);
    const rng = rngFromSeed(3);
    // A random weighting of the result as the loss, so that no part of the gradient can hide.
    const weights = g.input("weights", result.dims);
    const weighted = g.mul(result, weights);
    const loss = g.reshape(
      g.sum(
        weighted,
        weighted.dims.map((_, i) => i),
      ),
      [1],
    );
    const found = gradients(g, loss, inputs);
    const feeds: Record<string, Float64Array> = {
      weights: Float64Array.from({ length: sizeOf(result) }, () => rng.normal()),
    };
    for (const [i, input] of inputs.entries())
      feeds[`x${i}`] = Float64Array.from({ length: sizeOf(input) }, () =>
        example.positive ? 0.5 + rng.uniform() : rng.normal(),
      );
    const outputs = Object.fromEntries(found.map((node, i) => [`d${i}`, node]));
    const exact = interpret({ outputs }, feeds);
    for (const [i, input] of inputs.entries())
      for (let k = 0; k < sizeOf(input); k++) {
        const nudged = (by: number): number => {
          const x = Float64Array.from(feeds[`x${i}`]!);
          x[k] = x[k]! + by;
          return interpret({ outputs: { loss } }, { ...feeds, [`x${i}`]: x }).loss![0]!;
        };
        const h = 1e-5;
        expect(exact[`d${i}`]![k]).toBeCloseTo((nudged(h) - nudged(-h)) / (2 * h), 6);
      }
  });
});
