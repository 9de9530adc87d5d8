// One child with every layer trainable against the same model in PyTorch, alternating in one run: as a ViT is usually
// written there, and trimmed to the work of our graph, which computes only the part of the last block that the head reads.
// Without PyTorch it says so and gives only our numbers. Run: node dist/bench/engine.js

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { defaultThreads } from "../src/engine/limits.js";
import { onnxEngine } from "../src/engine/onnx.js";
import {
  type BenchResult,
  benchChild,
  benchStep,
  median,
  printResults,
  shapeOf,
  timeOf,
} from "./engine-support.js";

/** Two, as everywhere, and the default of a run. */
const THREADS = [...new Set([2, defaultThreads()])];
const CASES = [
  { imageSize: 32, batch: 512, target: 1, rounds: 9, steps: 3 },
  { imageSize: 80, batch: 256, target: 1, rounds: 4, steps: 1 },
];
/** OpenBLAS doesn't know newer AMD processors; this makes it fast on those with AVX-512, and on others it must choose for itself. */
const hasAvx512 = existsSync("/proc/cpuinfo") && readFileSync("/proc/cpuinfo", "utf8").includes("avx512f");
const TUNED = hasAvx512 ? { OPENBLAS_CORETYPE: "SKYLAKEX", ...process.env } : process.env;

/** A Python that has torch. */
function findTorch(): string | null {
  const works = (python: string) =>
    spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0;
  return ["python3", "/usr/bin/python3"].find(works) ?? null;
}

const KINDS = ["whole", "trimmed"] as const;
type Kind = (typeof KINDS)[number];

/** PyTorch in a process of its own. */
class Torch {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string, settings: readonly number[], kind: Kind) {
    // From dist/bench or from bench.
    const beside = ["../../bench/torch_child.py", "./torch_child.py"].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    );
    const script = beside.find(existsSync)!;
    this.#process = spawn(python, [script, ...settings.map(String), kind], {
      env: TUNED,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("PyTorch ended");
    return value;
  }

  async steps(count: number): Promise<number[]> {
    this.#process.stdin!.write(`${count}\n`);
    return (await this.line()).split(" ").map(Number);
  }

  end(): void {
    this.#process.stdin!.end();
  }
}

export async function run(): Promise<BenchResult[]> {
  const python = findTorch();
  if (!python) console.log("SKIPPED the comparison with PyTorch: no python3 here can `import torch`.");
  const results: BenchResult[] = [];
  for (const threads of THREADS) results.push(...(await onThreads(threads, python)));
  return results;
}

async function onThreads(threads: number, python: string | null): Promise<BenchResult[]> {
  const engine = await onnxEngine({ threads });
  const results: BenchResult[] = [];
  for (const { imageSize, batch, target, rounds, steps } of CASES) {
    const child = benchChild("child", shapeOf(imageSize, 3), () => true);
    const { program, feeds } = await benchStep(engine, [child], batch);
    const peers = python
      ? KINDS.map((kind) => ({ kind, torch: new Torch(python, [3, imageSize, batch, threads], kind) }))
      : [];
    const versions = await Promise.all(peers.map(({ torch }) => torch.line()));
    const ours: number[] = [];
    const theirs: number[][] = peers.map(() => []);
    await program.run(feeds);
    for (const { torch } of peers) await torch.steps(1);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < steps; i++) ours.push(await timeOf(() => program.run(feeds)));
      for (const [i, { torch }] of peers.entries()) theirs[i]!.push(...(await torch.steps(steps)));
    }
    for (const { torch } of peers) torch.end();
    await program.dispose();
    const rate = (times: readonly number[]) =>
      `${Math.round((1000 * batch) / median(times))} (best ${Math.round((1000 * batch) / Math.min(...times))})`;
    const name = `one child, 3 blocks, ${imageSize} px, batch ${batch}, ${threads} threads`;
    if (peers.length === 0)
      results.push({ name, ratio: Number.NaN, target, detail: `${rate(ours)} examples/s; no PyTorch here` });
    for (const [i, { kind }] of peers.entries())
      results.push({
        name: `${name}, PyTorch ${kind}`,
        ratio: median(theirs[i]!) / median(ours),
        target,
        detail: `${rate(ours)} examples/s against ${rate(theirs[i]!)} of ${versions[i]}`,
      });
  }
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printResults(await run());
