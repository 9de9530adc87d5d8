/**
 * Ends the code that the main thread runs: the half of an interrupt (interrupts.ts) that runs on the main thread itself, on top of
 * that code.
 *
 * Whether to end it and its end are one step here. If the I/O thread asked V8 directly, V8 would end whatever runs a moment later: the
 * kernel's answer to the interrupt, which would then never be sent, or the start of the next cell.
 */
import { Session } from "node:inspector";
import { pathToFileURL } from "node:url";
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

const KERNEL_FOLDER = pathToFileURL(`${import.meta.dirname}/`).href;

/** True if code of a cell or of a package is on the stack, and not only the kernel's and Node's own: that may be taking a message. */
function isInCells(): boolean {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = (_, sites) => sites;
    const sites = new Error().stack as unknown as readonly NodeJS.CallSite[];
    return sites.some((site) => {
      const file = site.getFileName();
      return file && !file.startsWith("node:") && !file.startsWith(KERNEL_FOLDER);
    });
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

let session: Session | undefined;

/** Ends the code beneath this call, unless that may not be interrupted; only code of cells, or with `isAny` any code. */
export function endCode(isAny: boolean): void {
  if (depth > 0 || !(isAny || isInCells())) return;
  emptyAsyncStack();
  if (!session) {
    session = new Session();
    session.connect();
  }
  // Without a callback: it would be called where Node's own functions find no async context.
  session.post("Runtime.terminateExecution");
}

/** Puts in order what `endCode` may have left. */
export function afterEnd(): void {
  emptyAsyncStack();
  session?.disconnect();
  session = undefined;
}
