/**
 * Ends the code that the main thread runs: the half of an interrupt (interrupts.ts) that runs on the main thread itself, on top of
 * that code.
 *
 * Whether to end it and its end are one step here. If the I/O thread asked V8 directly, V8 would end whatever runs a moment later: the
 * kernel's answer to the interrupt, which would then never be sent, or the start of the next cell.
 */
import { Session } from "node:inspector";
import { emptyAsyncStack } from "./async-stack.js";

/** How many calls of `uninterrupted` are on the stack. */
let depth = 0;

/** Runs what no interrupt may end midway, because nothing would finish it: an answer to a request. Never code of a cell. */
export function uninterrupted<T>(body: () => T): T {
  depth++;
  try {
    return body();
  } finally {
    depth--;
  }
}

/** Ends the code beneath this call, unless that may not be interrupted. */
export function endCode(): void {
  if (depth > 0) return;
  emptyAsyncStack();
  const session = new Session();
  session.connect();
  session.post("Runtime.terminateExecution", () => setImmediate(() => session.disconnect()));
}
