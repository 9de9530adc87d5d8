// One child with every layer trainable against the same model in PyTorch, in turns in one run. Where there is no PyTorch it
// says so and gives our numbers alone. Run: node dist/bench/engine.js

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
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

const THREADS = 2;
const CASES = [
  { imageSize: 32, batch: 512, target: 1, rounds: 9, steps: 3 },
  { imageSize: 80, batch: 256, target: 1, rounds: 4, steps: 1 },
];
/** OpenBLAS doesn't know newer AMD processors; on one with AVX-512 this makes it fast, on others it must choose for itself. */
const hasAvx512 = existsSync("/proc/cpuinfo") && readFileSync("/proc/cpuinfo", "utf8").includes("avx512f");
const TUNED = hasAvx512 ? { OPENBLAS_CORETYPE: "SKYLAKEX", ...process.env } : process.env;

/** A Python that has torch. */
function findTorch(): string | null {
  const works = (python: string) =>
    spawnSync(python, ["-c", "import torch"], { stdio: "ignore" }).status === 0;
  return ["python3", "/usr/bin/python3"].find(works) ?? null;
}

/** PyTorch in a process of its own. */
class Torch {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(python: string, settings: readonly number[]) {
    // From dist/bench or from bench.
    const beside = ["../../bench/torch_child.py", "./torch_child.py"].map((path) =>
      fileURLToPath(new URL(path, import.meta.url)),
    );
    const script = beside.find(existsSync)!;
    this.#process = spawn(python, [script, ...settings.map(String)], {
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
  const engine = await onnxEngine({ threads: THREADS });
  const results: BenchResult[] = [];
  for (const { imageSize, batch, target, rounds, steps } of CASES) {
    const child = benchChild("child", shapeOf(imageSize, 3), () => true);
    const { program, feeds } = await benchStep(engine, [child], batch);
    const torch = python ? new Torch(python, [3, imageSize, batch, THREADS]) : null;
    const version = await torch?.line();
    const ours: number[] = [];
    const theirs: number[] = [];
    await program.run(feeds);
    await torch?.steps(1);
    for (let round = 0; round < rounds; round++) {
      for (let i = 0; i < steps; i++) ours.push(await timeOf(() => program.run(feeds)));
      if (torch) theirs.push(...(await torch.steps(steps)));
    }
    torch?.end();
    await program.dispose();
    const rate = (times: readonly number[]) =>
      `${Math.round((1000 * batch) / median(times))} (best ${Math.round((1000 * batch) / Math.min(...times))})`;
    results.push({
      name: `one child, 3 blocks, ${imageSize} px, batch ${batch}, ${THREADS} threads`,
      ratio: torch ? median(theirs) / median(ours) : Number.NaN,
      target,
      detail: `${rate(ours)} examples/s against ${torch ? `${rate(theirs)} of ${version}` : "no PyTorch here"}`,
    });
  }
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) printResults(await run());
