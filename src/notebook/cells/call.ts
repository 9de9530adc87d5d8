// What the kernel passes to an evolver cell, and what all such cells do with it.

import { usage } from "../../core/errors.js";

/** What the kernel passes to a magic (kernel/commands CommandCall). */
export interface Call {
  readonly args: string;
  readonly body: string;
  readonly bodyLine: number;
  readonly signal: AbortSignal;
  define(variable: string, value: unknown, type?: string): void;
}

/** The variable that the magic's line names. Throws options/usage. */
export function variableOf(args: string, standard: string): string {
  const name = args.trim() || standard;
  if (!/^[A-Za-z_$][\w$]*$/.test(name))
    throw usage(`"${name}" can't name a variable: use letters, digits and _, as in %%evolve first.`);
  return name;
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
