// Every operation on every engine against the reference interpreter.

import { describe, expect, it } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Engine } from "../../src/engine/engine.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { tfjsEngine } from "../../src/engine/tfjs.js";
import { sizeOf } from "../../src/graph/node.js";
import { interpret } from "../support/graph-interpreter.js";
import { build, examples } from "../support/operations.js";

const engines: [string, () => Promise<Engine>][] = [
  ["onnx", () => onnxEngine({ threads: 1 })],
  ["onnx, standard operators", () => onnxEngine({ threads: 1, standardOnly: true })],
  ["tfjs cpu", () => tfjsEngine({ device: "cpu" })],
  ["tfjs wasm", () => tfjsEngine({ device: "wasm" })],
];

describe.each(engines)("%s", (_, open) => {
  it.each(examples)("%s", async (_, example) => {
    const { inputs, result } = build(example);
    const rng = rngFromSeed(4);
    const feeds = Object.fromEntries(
      inputs.map((input, i) => [
        `x${i}`,
        // Quarters, so that some values are equal.
        Float32Array.from(
          { length: sizeOf(input) },
          () => (example.positive ? 1 : 0) + rng.int(12) / 4 + (rng.uniform() < 0.5 ? rng.uniform() / 3 : 0),
        ),
      ]),
    );
    const graph = { outputs: { y: result } };
    const expected = interpret(graph, feeds).y!;
    const engine = await open();
    const program = await engine.compile(graph);
    const { y } = await program.run(feeds);
    expect(y).toHaveLength(expected.length);
    for (const [i, value] of expected.entries())
      expect(Math.abs(y![i]! - value)).toBeLessThan(2e-5 * (1 + Math.abs(value)));
    await program.dispose();
  });
});
