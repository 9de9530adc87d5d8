// The optimizer step by step: against torch.optim.SGD (a fixture), against numbers worked out by hand, and the same on
// every engine.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import type { Engine } from "../../src/engine/engine.js";
import { onnxEngine } from "../../src/engine/onnx.js";
import { tfjsEngine } from "../../src/engine/tfjs.js";
import { GraphBuilder } from "../../src/graph/builder.js";
import type { Graph } from "../../src/graph/node.js";
import { type SgdOptions, sgdStep, squaredLength } from "../../src/graph/sgd.js";
import { roundToBfloat16 } from "../support/graph-interpreter.js";

interface Fixture {
  clip: number;
  momentum: number;
  start: number[];
  rates: number[];
  gradients: number[][];
  cases: {
    nesterov: boolean;
    precision: "float32" | "bfloat16";
    trace: { theta: number[]; velocity: number[] }[];
  }[];
}
const fixture: Fixture = JSON.parse(readFileSync(new URL("./fixtures/sgd.json", import.meta.url), "utf8"));

function stepGraph(size: number, options: SgdOptions): Graph {
  const g = new GraphBuilder();
  const [theta, velocity, gradient] = ["theta", "velocity", "gradient"].map((name) => g.input(name, [size]));
  const parts = { theta: theta!, velocity: velocity!, gradient: gradient!, rate: g.input("rate", [1]) };
  return { outputs: { ...sgdStep(g, parts, options) } };
}

async function trace(
  engine: Engine,
  options: SgdOptions,
  start: number[],
  gradients: number[][],
  rates: number[],
) {
  const state = { theta: Float32Array.from(start), velocity: new Float32Array(start.length) };
  const program = await engine.compile(stepGraph(start.length, options), { state });
  const steps = [];
  for (const [i, gradient] of gradients.entries()) {
    await program.run({ gradient: Float32Array.from(gradient), rate: Float32Array.of(rates[i]!) });
    const { theta, velocity } = await program.state();
    steps.push({ theta: [...theta!], velocity: [...velocity!] });
  }
  await program.dispose();
  return steps;
}

const engines: [string, () => Promise<Engine>][] = [
  ["onnx", () => onnxEngine({ threads: 1 })],
  ["tfjs cpu", () => tfjsEngine({ device: "cpu" })],
  ["tfjs wasm", () => tfjsEngine({ device: "wasm" })],
];

describe.each(engines)("SGD on %s", (_, open) => {
  it.each(fixture.cases)("is torch's: nesterov $nesterov, momentum in $precision", async ({
    nesterov,
    precision,
    trace: expected,
  }) => {
    const options = {
      momentum: fixture.momentum,
      nesterov,
      clipNorm: fixture.clip,
      momentumPrecision: precision,
    };
    const found = await trace(await open(), options, fixture.start, fixture.gradients, fixture.rates);
    for (const [i, step] of expected.entries()) {
      step.theta.forEach((value, k) => {
        expect(found[i]!.theta[k]).toBeCloseTo(value, 5);
      });
      step.velocity.forEach((value, k) => {
        // The last bits of a gradient may decide which of two bfloat16 neighbours is the nearest.
        const slack = precision === "bfloat16" ? 2 ** -8 : 1e-5;
        expect(Math.abs(found[i]!.velocity[k]! - value)).toBeLessThanOrEqual(slack * Math.abs(value) + 1e-6);
        if (precision === "bfloat16")
          expect(found[i]!.velocity[k]).toBe(roundToBfloat16(found[i]!.velocity[k]!));
      });
    }
  });

  it("gives the numbers worked out by hand", async () => {
    // ‖(3, 4)‖ = 5 is clipped to (0.6, 0.8); v = 0.5 v + g; θ -= rate · v. Then (0.3, 0.4), norm 0.5, stays as it is.
    const options = { momentum: 0.5, nesterov: false, clipNorm: 1, momentumPrecision: "float32" as const };
    const [first, second] = await trace(
      await open(),
      options,
      [1, 1],
      [
        [3, 4],
        [0.3, 0.4],
      ],
      [0.5, 1],
    );
    expect(first!.velocity.map((v) => v.toFixed(6))).toEqual(["0.600000", "0.800000"]);
    expect(first!.theta.map((v) => v.toFixed(6))).toEqual(["0.700000", "0.600000"]);
    expect(second!.velocity.map((v) => v.toFixed(6))).toEqual(["0.600000", "0.800000"]);
    expect(second!.theta.map((v) => v.toFixed(6))).toEqual(["0.100000", "-0.200000"]);
  });

  it("leaves a gradient at the clip norm as it is, and scales one above to it", async () => {
    const options = { momentum: 0, nesterov: true, clipNorm: 5, momentumPrecision: "float32" as const };
    const [exact] = await trace(await open(), options, [0, 0], [[3, 4]], [1]);
    expect(exact!.theta).toEqual([-3, -4]);
    const [clipped] = await trace(await open(), options, [0, 0], [[30, 40]], [1]);
    expect(clipped!.theta.map((v) => v.toFixed(5))).toEqual(["-3.00000", "-4.00000"]);
  });
});

describe("the squared length of a gradient, which the clip norm is taken of", () => {
  it.each([
    ["the longest that is summed at once", 2 ** 21],
    ["a prime number above it", 2 ** 21 + 17],
    ["ViT-B/16", 85_798_656],
    ["ViT-L/16", 303_301_632],
  ])("is right to 1e-4 for as many values as %s has", async (_, length) => {
    const rng = rngFromSeed(5);
    const block = Float32Array.from({ length: 2 ** 16 }, () => (rng.uniform() - 0.5) * 2e-3);
    const x = new Float32Array(length);
    for (let at = 0; at < length; at += block.length) x.set(block.subarray(0, length - at), at);
    let exact = 0;
    for (const value of x) exact += value * value;
    const g = new GraphBuilder();
    const graph = { outputs: { y: squaredLength(g, g.input("x", [length])) } };
    const program = await (await onnxEngine({ threads: 1 })).compile(graph);
    const { y } = await program.run({ x });
    await program.dispose();
    expect(Math.abs(y![0]! / exact - 1)).toBeLessThan(1e-4);
  });
});

describe("bfloat16 rounding", () => {
  it.each(engines)("is to the nearest on %s, for 4096 random values of all sizes", async (_, open) => {
    const rng = rngFromSeed(2);
    const x = Float32Array.from({ length: 4096 }, () => rng.normal() * 2 ** (rng.int(40) - 30));
    const g = new GraphBuilder();
    const program = await (await open()).compile({ outputs: { y: g.roundBfloat16(g.input("x", [4096])) } });
    const { y } = await program.run({ x });
    expect([...y!]).toEqual([...x].map(roundToBfloat16));
    await program.dispose();
  });
});
