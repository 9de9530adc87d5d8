// Starts worker threads. From an installed package a worker is a compiled file beside its client; from the sources, as the
// tests run them, it goes through a loader that compiles TypeScript.

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Starts the worker in the file `name` (without extension) beside the module whose `import.meta.url` is `beside`. */
export function spawn(beside: string, name: string, options: WorkerOptions): Worker {
  const fromSource = basename(fileURLToPath(beside)).endsWith(".ts");
  const file = new URL(`./${name}.${fromSource ? "ts" : "js"}`, beside);
  if (!fromSource) return new Worker(file, { ...options, name, execArgv: workerArguments() });
  const runner = new URL("../../test/support/source-worker.mjs", import.meta.url);
  // The test runner's own loader flags are not for workers.
  return new Worker(runner, { ...options, name, argv: [file.href], execArgv: [] });
}

/** Node's options that a worker takes over: all without `--input-type`, which says how a script on the command line (`node -e`) is read; a worker has a file, and Node refuses it there. */
export const workerArguments = (given: readonly string[] = process.execArgv): string[] =>
  given.filter((option, i) => !option.startsWith("--input-type") && given[i - 1] !== "--input-type");
