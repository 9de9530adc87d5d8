// A generation of eight children in one graph against the same eight one after the other by the same engine with the same
// freezing, and against training every layer of each. Children are sampled as the method does from a root of three blocks.
// Run: node dist/bench/generation.js

import { pathToFileURL } from "node:url";
import { rngFromSeed } from "../src/core/rng.js";
import { onnxEngine } from "../src/engine/onnx.js";
import type { GraphChild } from "../src/graph/generation.js";
import {
  type BenchResult,
  benchChild,
  benchStep,
  median,
  printResults,
  shapeOf,
  timeOf,
} from "./engine-support.js";

const CHILDREN = 8;
const BATCH = 512;
const THREADS = 2;
const GENERATIONS = 4;
const ROUNDS = 5;
const TARGETS = [
  { probability: 0.1, target: 1.7 },
  { probability: 0.2, target: 1.25 },
];

/** Norm and head are always trained; the other six layers each with probability µ. */
function sample(probability: number, generation: number): GraphChild[] {
  const rng = rngFromSeed(1).child(`${probability}/${generation}`);
  return Array.from({ length: CHILDREN }, (_, i) =>
    benchChild(
      String(i),
      shapeOf(32, 3),
      (name) => name === "encoder_norm" || name === "head" || rng.uniform() < probability,
    ),
  );
}

export async function run(): Promise<BenchResult[]> {
  const engine = await onnxEngine({ threads: THREADS });
  const results: BenchResult[] = [];
  const full = await benchStep(engine, [benchChild("full", shapeOf(32, 3), () => true)], BATCH);
  for (const { probability, target } of TARGETS) {
    const together: number[] = [];
    const apart: number[] = [];
    const everything: number[] = [];
    const compiling: number[] = [];
    for (let generation = 0; generation < GENERATIONS; generation++) {
      const children = sample(probability, generation);
      const start = performance.now();
      const joint = await benchStep(engine, children, BATCH);
      compiling.push(performance.now() - start);
      const alone = await Promise.all(children.map((child) => benchStep(engine, [child], BATCH)));
      const times: [number[], number[], number[]] = [[], [], []];
      for (let round = 0; round <= ROUNDS; round++) {
        const t = await timeOf(() => joint.program.run(joint.feeds));
        const a = await timeOf(async () => {
          for (const { program, feeds } of alone) await program.run(feeds);
        });
        const e = await timeOf(() => full.program.run(full.feeds));
        if (round === 0) continue; // warms up
        times[0].push(t);
        times[1].push(a);
        times[2].push(CHILDREN * e);
      }
      together.push(median(times[0]));
      apart.push(median(times[1]));
      everything.push(median(times[2]));
      for (const { program } of [joint, ...alone]) await program.dispose();
    }
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const ms = (values: readonly number[]) => mean(values).toFixed(0);
    results.push({
      name: `a generation of ${CHILDREN}, mutation probability ${probability}`,
      ratio: mean(apart) / mean(together),
      target,
      detail: `${ms(together)} ms a step together, ${ms(apart)} one after the other, ${ms(everything)} with every layer trained; ${ms(compiling)} ms to compile`,
    });
  }
  await full.program.dispose();
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printResults(await run());
