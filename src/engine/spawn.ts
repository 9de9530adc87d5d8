// Starts the engine's workers. From an installed package a worker is the file beside this one; from the sources, as the
// tests run them, it goes through a loader that compiles TypeScript.

import { Worker, type WorkerOptions } from "node:worker_threads";
import { workerArguments } from "../disk/worker-arguments.js";
import { silencedInMainThread } from "./telemetry.js";

export function spawn(name: "train-worker" | "batch-worker", options: WorkerOptions): Worker {
  silencedInMainThread(); // before the worker takes its copy of the environment
  const fromSource = import.meta.url.endsWith(".ts");
  const file = new URL(`./${name}.${fromSource ? "ts" : "js"}`, import.meta.url);
  if (!fromSource) return new Worker(file, { ...options, name, execArgv: workerArguments() });
  const runner = new URL("../../test/support/source-worker.mjs", import.meta.url);
  // The test runner's own loader flags are not for workers.
  return new Worker(runner, { ...options, name, argv: [file.href], execArgv: [] });
}
