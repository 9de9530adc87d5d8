// What the kernel passes to an evolver cell, and what all such cells do with it.

import { usage } from "../../core/errors/index.js";

/** What the kernel passes to a magic (kernel/commands CommandCall). */
export interface Call {
  readonly args: string;
  readonly body: string;
  readonly bodyLine: number;
  readonly signal: AbortSignal;
  define(variable: string, value: unknown, type?: string): void;
}

/** The variable that the line of `magic` names. Throws options/usage. */
export function variableOf(
  magic: "%%evolve" | "%%sweep" | "%%programme",
  args: string,
  standard: string,
): string {
  const name = args.trim() || standard;
  if (/^[A-Za-z_$][\w$]*$/.test(name)) return name;
  // A cell written like a command line: an experiment and its options.
  if (/\s/.test(name))
    throw usage(
      `${magic} takes the name of a variable on its line, and found "${name}". Write settings below it, one per line, as in\n${magic} ${standard}\n${magic === "%%programme" ? "programme: laptop" : "experiment: preliminary"}\nbudget: smoke`,
    );
  throw usage(`"${name}" can't name a variable: use letters, digits and _, as in ${magic} first.`);
}

/** Stops the run or sweep at an interrupt; its state is kept. */
export async function untilDone(
  run: { stop(): Promise<void>; done(): Promise<unknown> },
  signal: AbortSignal,
): Promise<void> {
  const stop = () => void run.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await run.done();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
