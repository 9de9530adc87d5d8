// The installed command line as a person has it: a child process, its lines and its exit code.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { installed } from "./tarball.js";

export const CLI = join(installed(), "dist/src/cli.js");

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts `mulab ...args`. */
export function startCli(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Running {
  const env = { ...process.env, NO_COLOR: "1", ...options.env };
  const child = spawn(process.execPath, [CLI, ...args], {
    ...options,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    text.stderr += chunk;
  });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...text }));
  });
  return { process: child, finished };
}

/** Runs `mulab ...args` to its end. */
export const runCli = (
  args: readonly string[],
  options: Parameters<typeof startCli>[1] = {},
): Promise<Finished> => startCli(args, options).finished;

/** The document that `--json` printed as the last line. */
export const lastJson = ({ stdout }: Finished): Record<string, unknown> =>
  JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");

/** Settings under which a whole run takes a second or two: drawn images, few of them, small batches. */
export const TINY = [
  "--tasks",
  "glyphs",
  "--threads",
  "1",
  ...["limit=48", "batchSize=16", "cycles=2", "iterations=1", "generations=2", "children=2"].flatMap((s) => [
    "--set",
    s,
  ]),
];
