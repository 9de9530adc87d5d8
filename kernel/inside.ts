/**
 * What other threads call on the main thread, through the inspector, on top of whatever runs there.
 *
 * The functions lie on `globalThis` under a symbol, because an expression is all that the inspector can evaluate.
 */

const INSIDE = "mulab.inside";

/** A stack place's way back to what was written; see Stacks. */
export interface InsideSource {
  readonly name: string;
  readonly code?: string;
  readonly maps: readonly string[];
  readonly firstLineShift: number;
  readonly lineShift: number;
}

export interface Inside {
  /** Puts in order what an end of the running code would leave in disorder. */
  beforeEnd(): void;
  /** Handles the urgent messages that wait. */
  takeAllUrgent(): void;
  /** The cells' variables: name -> value. */
  variables(): object;
  /** What ran as `file`, as JSON; undefined if it is not known. */
  source(file: string): string | undefined;
  /** The MIME bundle of a value, as JSON. */
  bundle(value: unknown): string;
  /** Sets a variable of the cells. */
  define(name: string, value: unknown): void;
}

/** The expression that calls one of the functions. `args` is JavaScript. */
export const insideCall = (name: keyof Inside, args = "") =>
  `globalThis[Symbol.for(${JSON.stringify(INSIDE)})].${name}(${args})`;

export function offerInside(functions: Inside): void {
  Object.defineProperty(globalThis, Symbol.for(INSIDE), { value: functions });
}

/** What Node itself calls when an exception was caught by nobody. Part of it is to empty the stack of async ids. */
interface WithFatalException {
  _fatalException?(error: unknown, isFromPromise: boolean): boolean;
}

/**
 * Empties Node's stack of async ids: code that V8 ends pushed to it before each callback, and never gets to the pop after it.
 *
 * Done in the one way that is the same in Node 20, 22 and 24: as after an exception that somebody handled. That is this function
 * alone, so that no listener of the notebook's learns of an exception that there is not.
 */
export function emptyAsyncStack(): void {
  const node = process as unknown as WithFatalException;
  const isTaken = process.hasUncaughtExceptionCaptureCallback();
  if (!isTaken) process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    node._fatalException?.(undefined, false);
  } finally {
    if (!isTaken) process.setUncaughtExceptionCaptureCallback(null);
  }
}
