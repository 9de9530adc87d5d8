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

interface AsyncWrap {
  clearAsyncIdStack(): void;
}

/** Node's own `async_wrap`. There is no public way to this; without it an interrupt works, but less surely. */
function asyncWrap(): AsyncWrap | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => AsyncWrap };
  const { noDeprecation } = process;
  // The deprecation is for people who could do otherwise.
  process.noDeprecation = true;
  try {
    return binding?.call(process, "async_wrap");
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

/** Makes the function that is called before an end. */
export function prepareForEnd(): void {
  const wrap = asyncWrap();
  Object.defineProperty(globalThis, Symbol.for(BEFORE_END), { value: () => wrap?.clearAsyncIdStack?.() });
}
