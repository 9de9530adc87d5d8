// The memory of a generation of eight B/16 children at 80 px (muNet's decathlon), by the budget that `--memory` sets: how
// much the process uses at its peak on top of what it used before, each budget in its own process. Run: node
// dist/bench/memory.js [GB …]

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BACKBONES, componentNames, type Shape } from "../src/core/components.js";
import { munet } from "../src/core/methods.js";
import { rngFromSeed } from "../src/core/rng.js";
import { limited } from "../src/engine/limits.js";
import { createTrainer } from "../src/engine/trainer.js";
import { memoryStore } from "../src/store/memory.js";
import { benchPlans, machine, randomRoot, randomTask, type Trained, timeOf } from "./engine-support.js";

const BATCH = 32;
const CHILDREN = 8;
const PROBABILITY = 0.1; // muNet's µ

const shape: Shape = {
  backbone: BACKBONES["B/16"],
  imageSize: 80,
  blocks: 12,
  adapters: [],
  adapterDim: 32,
  classes: 100,
};
const training = {
  batchSize: BATCH,
  cycles: 1,
  examplesPerCycle: BATCH,
  validationExamples: BATCH,
  clipNorm: 1,
};

function sample(): Trained[] {
  const rng = rngFromSeed(3);
  return Array.from({ length: CHILDREN }, () => {
    const drawn = new Set<string>(componentNames(shape).filter(() => rng.uniform() < PROBABILITY));
    return (name: string) => name === "encoder_norm" || name === "head" || drawn.has(name);
  });
}

/** Units that the system counts in KiB. */
const gigabytes = (kibibytes: number): number => (1024 * kibibytes) / 1e9;

/** One generation of one step: the peak in GB, both on top of what was used before and in total, and the seconds it took. */
async function measure(memory: number): Promise<void> {
  const store = memoryStore();
  const root = await randomRoot(shape, store);
  const task = randomTask({ train: 2 * BATCH, validation: BATCH, size: 80, classes: shape.classes });
  const plans = benchPlans(root, shape, { ...munet.defaults, imageSize: 80, blocks: 12 }, sample());
  globalThis.gc?.(); // memory left over from making the root doesn't count
  const before = process.memoryUsage.rss() / 1e9;
  const trainer = createTrainer({ store, training, method: munet, ...limited({ memory }) });
  const ms = await timeOf(async () => {
    for await (const _ of trainer.trainGeneration(plans, task, rngFromSeed(4)));
  });
  const peak = gigabytes(process.resourceUsage().maxRSS);
  await trainer.close();
  const columns = [memory, (peak - before).toFixed(2), peak.toFixed(2), (ms / 1000).toFixed(0)];
  console.log(columns.map((value) => String(value).padStart(14)).join(""));
}

const [given, ...more] = process.argv.slice(2).map(Number);
if (given !== undefined && more.length === 0 && process.env.MULAB_BENCH_MEMORY) await measure(given);
else {
  console.log(machine());
  console.log(
    ["budget, GB", "generation, GB", "process, GB", "seconds"].map((head) => head.padStart(14)).join(""),
  );
  for (const memory of given === undefined ? [4, 5, 6] : [given, ...more]) {
    const { status } = spawnSync(
      process.execPath,
      ["--expose-gc", fileURLToPath(import.meta.url), String(memory)],
      { stdio: "inherit", env: { ...process.env, MULAB_BENCH_MEMORY: "1" } },
    );
    if (status !== 0) process.exitCode = 1;
  }
}
