/**
 * What other threads call on the main thread, through the inspector, on top of whatever runs there.
 *
 * The functions lie on `globalThis` under a symbol, because an expression is all that the inspector can evaluate.
 */

const INSIDE = "mulab.inside";

export interface Inside {
  /** Puts in order what an end of the running code would leave in disorder. */
  beforeEnd(): void;
  /** Handles the urgent messages that wait. */
  takeAllUrgent(): void;
  /** The cells' variables: name -> value. */
  variables(): object;
  /** `{code, lines}` of a cell as JSON: its text, and for each line of its JavaScript the line it comes from, -1 for none. */
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

/** The part of Node's async hooks that says whether their stack is checked. Node 24 has no such binding and needs none. */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kCheck: number };
}

function asyncWrap(): AsyncWrap | undefined {
  const { binding, noDeprecation } = process as unknown as {
    binding(name: string): AsyncWrap;
    noDeprecation?: boolean;
  };
  try {
    Object.assign(process, { noDeprecation: true });
    return binding("async_wrap");
  } catch {
    return undefined;
  } finally {
    Object.assign(process, { noDeprecation });
  }
}

let known: { readonly wrap: AsyncWrap | undefined } | undefined;

/** Has Node not abort the process over a stack of async ids in disorder: each use of AsyncLocalStorage turns its check on. */
function stopStackChecks(): void {
  known ??= { wrap: asyncWrap() };
  // Where there is no binding, the kernelspec's flag has turned the check off, and nothing turns it on.
  if (known.wrap) known.wrap.async_hook_fields[known.wrap.constants.kCheck] = 0;
}

/**
 * Runs `body` in a turn of its own of Node's event loop, and resolves with what it returns.
 *
 * When V8 ends the body at the end of the call stack, nothing can be called on top of it before. But in the same turn, before Node
 * looks at its stack of async ids, comes the second callback, and empties it.
 */
export function inOwnTurn<T>(body: () => T): Promise<Awaited<T>> {
  stopStackChecks();
  return new Promise((resolve, reject) => {
    let isBack = false;
    setImmediate(() => {
      try {
        resolve(body() as Awaited<T>);
      } catch (error) {
        reject(error);
      }
      // Behind the promise jobs that the body has left.
      queueMicrotask(() => {
        isBack = true;
      });
    });
    setImmediate(() => {
      if (!isBack) emptyAsyncStack();
    });
  });
}
