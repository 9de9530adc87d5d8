/**
 * What must be put in order when V8 ends the main thread's code.
 *
 * Node keeps a stack of async ids, pushed before each callback and promise job and popped after. Code that V8 ends never gets to
 * the pop, and Node would abort the process at its next callback. So just before the end the I/O thread has a function called on top
 * of the stuck code, through the inspector, that empties this stack; nothing of the stuck code runs after it.
 */

const BEFORE_END = "mulab.beforeEnd";

/** The expression by which the I/O thread calls the function on the main thread. */
export const BEFORE_END_CALL = `globalThis[Symbol.for(${JSON.stringify(BEFORE_END)})]()`;

/** What Node itself calls when an exception was caught by nobody. Part of it is to empty the stack of async ids. */
interface WithFatalException {
  _fatalException?(error: unknown, isFromPromise: boolean): boolean;
}

/**
 * Empties the stack in the one way that is the same in Node 20, 22 and 24: as after an exception that somebody handled.
 *
 * Who handles it is this function alone, so that no listener of the notebook's hears of an exception that there is not.
 */
function emptyStack(): void {
  const node = process as unknown as WithFatalException;
  const isTaken = process.hasUncaughtExceptionCaptureCallback();
  if (!isTaken) process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    node._fatalException?.(undefined, false);
  } finally {
    if (!isTaken) process.setUncaughtExceptionCaptureCallback(null);
  }
}

/** Makes the function that is called before an end. */
export function prepareForEnd(): void {
  Object.defineProperty(globalThis, Symbol.for(BEFORE_END), { value: emptyStack });
}
