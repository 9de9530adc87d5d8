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
  // Workers must not inherit the test runner's loader flags.
  return new Worker(runner, { ...options, name, argv: [file.href], execArgv: [] });
}

/** The options of Node that a worker inherits: all but `--input-type`, which is for scripts on the command line (`node -e`); Node refuses it for a worker's file. */
export const workerArguments = (given: readonly string[] = process.execArgv): string[] =>
  given.filter((option, i) => !option.startsWith("--input-type") && given[i - 1] !== "--input-type");
