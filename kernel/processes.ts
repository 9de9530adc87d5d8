/**
 * Processes that cells start: they end with the kernel, and what they print reaches the cell.
 *
 * A child that inherits stdout would write to the server's log, where it is not seen. It gets a pipe instead, and what comes through
 * it is written as if the cell had. A detached child is meant to outlive the kernel, and does.
 */
import childProcess, { type ChildProcess, type StdioOptions } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import type { Readable } from "node:stream";

type Target = "stdout" | "stderr";
type Stdio = StdioOptions | undefined;

/** What Node's own `spawn` calls; internal, and the one place that all asynchronous children pass. */
interface Spawning {
  spawn(this: ChildProcess, options: { stdio?: Stdio; detached?: boolean }): unknown;
}

/** `stdio` with pipes in place of what would be inherited, and where each pipe leads; undefined if nothing is inherited. */
export function withoutInherited(
  stdio: Stdio,
): { stdio: StdioOptions; targets: ReadonlyMap<number, Target> } | undefined {
  const list = typeof stdio === "string" ? [stdio, stdio, stdio] : [...(stdio ?? [])];
  const targets = new Map<number, Target>();
  for (const [at, entry] of list.entries()) {
    if (at === 0) continue;
    const isOwnPlace = entry === "inherit";
    if (entry === 1 || entry === process.stdout || (isOwnPlace && at === 1)) targets.set(at, "stdout");
    else if (entry === 2 || entry === process.stderr || (isOwnPlace && at === 2)) targets.set(at, "stderr");
  }
  if (targets.size === 0) return undefined;
  return { stdio: list.map((entry, at) => (targets.has(at) ? "pipe" : entry)) as StdioOptions, targets };
}

/** Looks after the children of this thread from now on; `changed` receives the pids of those that run. */
export function adoptChildren(changed: (pids: readonly number[]) => void): void {
  const running = new Set<number>();
  const { prototype } = childProcess.ChildProcess as unknown as { prototype: Spawning };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    const piped = withoutInherited(options.stdio);
    const result = spawn.call(this, piped ? { ...options, stdio: piped.stdio } : options);
    if (piped) passOn(this, piped.targets);
    const { pid } = this;
    if (pid !== undefined && options.detached !== true) {
      changed([...running.add(pid)]);
      this.once("exit", () => {
        running.delete(pid);
        changed([...running]);
      });
    }
    return result;
  };
  pipeSynchronous();
}

/** Writes what comes through the pipes, and hides them: a child that inherits stdio has no streams to read. */
function passOn(child: ChildProcess, targets: ReadonlyMap<number, Target>): void {
  const streams = child.stdio as unknown as (Readable | null)[];
  for (const [at, target] of targets) {
    streams[at]?.on("data", (chunk: Uint8Array) => process[target].write(chunk));
    streams[at] = null;
    if (at === 1) child.stdout = null;
    if (at === 2) child.stderr = null;
  }
}

type Synchronous = (...args: unknown[]) => unknown;
type Printed = Uint8Array | string | null | undefined;

/** spawnSync, execSync and execFileSync: what the child has printed is written when it has ended. */
function pipeSynchronous(): void {
  const module = childProcess as unknown as Record<string, Synchronous>;
  const { spawnSync } = module;
  module.spawnSync = withPipes(spawnSync!, (call, stdio, targets) => {
    const ended = call(stdio) as { output?: Printed[] | null };
    for (const [at, target] of targets) {
      write(target, ended.output?.[at]);
      if (ended.output) ended.output[at] = null;
    }
    const hidden = {
      ...(targets.has(1) ? { stdout: null } : {}),
      ...(targets.has(2) ? { stderr: null } : {}),
    };
    return Object.assign(ended, hidden);
  });
  for (const name of ["execSync", "execFileSync"]) {
    module[name] = withPipes(module[name]!, (call, stdio, targets) => {
      try {
        // With no `stdio` at all, Node itself passes on the child's stderr; it does not hand that out.
        const stdout = call(targets.has(2) ? undefined : stdio) as Printed;
        if (targets.has(1)) write("stdout", stdout);
        return stdio[1] === "pipe" && !targets.has(1) ? stdout : null;
      } catch (error) {
        if (targets.has(1)) write("stdout", (error as { stdout?: Printed }).stdout);
        throw error;
      }
    });
  }
  syncBuiltinESMExports();
}

/** `original`, but for calls with inherited stdio, which `body` makes by `call(stdio)`. */
function withPipes(
  original: Synchronous,
  body: (
    call: (stdio: StdioOptions | undefined) => unknown,
    stdio: StdioOptions,
    targets: ReadonlyMap<number, Target>,
  ) => unknown,
): Synchronous {
  return (...args) => {
    const at = args.findIndex((arg) => typeof arg === "object" && arg !== null && !Array.isArray(arg));
    const options = args[at] as { stdio?: Stdio } | undefined;
    const piped = withoutInherited(options?.stdio);
    if (!piped) return original(...args);
    const call = (stdio: StdioOptions | undefined) => {
      const changed = [...args];
      changed[at] = { maxBuffer: Number.POSITIVE_INFINITY, ...options, stdio };
      return original(...changed);
    };
    return body(call, piped.stdio, piped.targets);
  };
}

function write(target: Target, text: Printed): void {
  if (text) process[target].write(text);
}

/** The children of a process, where the system lists them (Linux); none elsewhere. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Signals processes and all that they have started. */
export function endProcesses(pids: readonly number[], signal: NodeJS.Signals = "SIGKILL"): void {
  for (const pid of pids) {
    const below = childrenOf(pid);
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already.
    }
    endProcesses(below, signal);
  }
}
