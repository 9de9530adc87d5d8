// A generation of eight children trained together against the same eight trained one after another, by the same trainer with
// the same freezing, including batches, compiling and validation; and the bare training step of both, and of children that
// train every layer. Children are sampled by the method from a root of three blocks. Run: node dist/bench/generation.js

import { pathToFileURL } from "node:url";
import { componentNames } from "../src/core/components.js";
import { mu2net } from "../src/core/methods.js";
import type { Plan } from "../src/core/model.js";
import { rngFromSeed } from "../src/core/rng.js";
import type { Trainer } from "../src/core/seams.js";
import { onnxEngine } from "../src/engine/onnx.js";
import { createTrainer } from "../src/engine/trainer.js";
import { memoryStore } from "../src/store/memory.js";
import {
  type BenchResult,
  benchChild,
  benchPlans,
  benchStep,
  median,
  printResults,
  randomRoot,
  randomTask,
  shapeOf,
  type Trained,
  timeOf,
} from "./engine-support.js";

const CHILDREN = 8;
const THREADS = 2;
const GENERATIONS = 3;
const ROUNDS = 2;
const TARGETS = [
  { probability: 0.1, target: 1.7 },
  { probability: 0.2, target: 1.25 },
];
const shape = shapeOf(32, 3);
const training = {
  batchSize: 512,
  cycles: 2,
  examplesPerCycle: 51_200,
  validationExamples: 5_120,
  clipNorm: 1,
};

/** The layers that each child trains: norm and head always, the other six layers each with probability µ. */
function sample(probability: number, generation: number): Trained[] {
  const rng = rngFromSeed(1).child(`${probability}/${generation}`);
  return Array.from({ length: CHILDREN }, () => {
    const drawn = new Set(componentNames(shape).filter(() => rng.uniform() < probability));
    return (name: string) => name === "encoder_norm" || name === "head" || drawn.has(name as "cls");
  });
}

/** A trainer with a random root, and the plans of a generation of it. */
async function world(): Promise<{ trainer: Trainer; plansOf: (children: readonly Trained[]) => Plan[] }> {
  const store = memoryStore();
  const root = await randomRoot(shape, store);
  const plansOf = (children: readonly Trained[]): Plan[] =>
    benchPlans(root, shape, { ...mu2net.defaults, imageSize: 32, blocks: 3 }, children);
  return { trainer: createTrainer({ store, training, method: mu2net, threads: THREADS }), plansOf };
}

/** Milliseconds of whole generations through the trainer: together, and one child after another. */
async function wholeGenerations(probability: number): Promise<{ together: number; apart: number }> {
  const task = randomTask({ train: 4_000, validation: 1_000, size: 32, classes: shape.classes }); // the numbers of cmaterdb/bangla
  const { trainer, plansOf } = await world();
  const train = async (plans: readonly Plan[]) => {
    for await (const _ of trainer.trainGeneration(plans, task, rngFromSeed(3)));
  };
  const total = { together: 0, apart: 0 };
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const plans = plansOf(sample(probability, generation));
    if (generation === 0) await train(plans.slice(0, 1)); // starts the workers
    total.together += await timeOf(() => train(plans));
    total.apart += await timeOf(async () => {
      for (const plan of plans) await train([plan]);
    });
  }
  await trainer.close();
  return { together: total.together / GENERATIONS, apart: total.apart / GENERATIONS };
}

/** Milliseconds of just one training step of all children: together, apart, and apart with every layer trained. */
async function steps(probability: number): Promise<{ together: number; apart: number; everything: number }> {
  const engine = await onnxEngine({ threads: THREADS });
  const sum = { together: 0, apart: 0, everything: 0 };
  const full = await benchStep(engine, [benchChild("full", shape, () => true)], training.batchSize);
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const children = sample(probability, generation).map((trained, i) =>
      benchChild(String(i), shape, trained),
    );
    const joint = await benchStep(engine, children, training.batchSize);
    const alone = await Promise.all(children.map((child) => benchStep(engine, [child], training.batchSize)));
    const times = { together: [] as number[], apart: [] as number[], everything: [] as number[] };
    for (let round = 0; round <= ROUNDS; round++) {
      const together = await timeOf(() => joint.program.run(joint.feeds));
      const apart = await timeOf(async () => {
        for (const { program, feeds } of alone) await program.run(feeds);
      });
      const everything = CHILDREN * (await timeOf(() => full.program.run(full.feeds)));
      if (round === 0) continue; // warms up
      times.together.push(together);
      times.apart.push(apart);
      times.everything.push(everything);
    }
    for (const key of ["together", "apart", "everything"] as const)
      sum[key] += median(times[key]) / GENERATIONS;
    for (const { program } of [joint, ...alone]) await program.dispose();
  }
  await full.program.dispose();
  return sum;
}

export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const { probability, target } of TARGETS) {
    const whole = await wholeGenerations(probability);
    const step = await steps(probability);
    results.push({
      name: `a generation of ${CHILDREN}, mutation probability ${probability}`,
      ratio: whole.apart / whole.together,
      target,
      detail:
        `${(whole.together / 1000).toFixed(2)} s together, ${(whole.apart / 1000).toFixed(2)} s one after the other; ` +
        `the step alone ${(step.apart / step.together).toFixed(2)}x: ${step.together.toFixed(0)}, ${step.apart.toFixed(0)}, and ${step.everything.toFixed(0)} ms with every layer trained`,
    });
  }
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printResults(await run());
