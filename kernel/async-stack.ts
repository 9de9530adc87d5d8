/**
 * Node's stack of async ids, which code that V8 ends leaves in disorder: Node pushes to it before each callback, and the pop after it
 * is never reached. Before Node 24, Node aborts the process over that.
 *
 * Where the ended code leaves room on the call stack, `emptyAsyncStack` is called on top of it. At the end of the call stack nothing
 * can be called; there it helps that cells have turns of their own, and that promise jobs and some calls have no id (stopStackChecks).
 */

import { AsyncResource } from "node:async_hooks";

/** What Node itself calls for an uncaught exception. It also empties the stack of async ids. */
interface WithFatalException {
  _fatalException?(error: unknown, isFromPromise: boolean): boolean;
}

/**
 * Empties Node's stack of async ids: code that V8 ends pushed to it before each callback, and never gets to the pop after it.
 *
 * Done in the one way that works in Node 20, 22 and 24: as after a handled exception. The handler does nothing, so that no listener
 * of the notebook is notified of an exception that never happened.
 */
export function emptyAsyncStack(): void {
  const node = process as unknown as WithFatalException;
  ids = [];
  const isTaken = process.hasUncaughtExceptionCaptureCallback();
  if (!isTaken) process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    node._fatalException?.(undefined, false);
  } finally {
    if (!isTaken) process.setUncaughtExceptionCaptureCallback(null);
  }
}

type PromiseHook = ((promise: Promise<unknown>) => void) | undefined;
type PromiseHooks = [init: PromiseHook, before: PromiseHook, after: PromiseHook, settled: PromiseHook];

/** The part of Node's async hooks that is about their stack. Node 24 has no such binding and needs none. */
interface AsyncWrap {
  readonly async_hook_fields: Uint32Array;
  readonly async_id_fields: Float64Array;
  readonly constants: {
    readonly kCheck: number;
    readonly kExecutionAsyncId: number;
    readonly kTriggerAsyncId: number;
  };
  getPromiseHooks(): PromiseHooks;
  setPromiseHooks(...hooks: PromiseHooks): void;
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
/** The ids of the promise jobs that run: execution and trigger, in turns. */
let ids: number[] = [];
const wrapped = new WeakSet<() => void>();

/** Has Node not abort the process over a stack of async ids in disorder: each use of AsyncLocalStorage turns its checks on. */
function stopStackChecks(): void {
  known ??= { wrap: asyncWrap() };
  const { wrap } = known;
  // Where there is no binding, the kernelspec's flag has turned the check off, and nothing turns it on.
  if (!wrap) return;
  wrap.async_hook_fields[wrap.constants.kCheck] = 0;
  hidePromiseIds(wrap);
  hideIdsOfCalls(wrap);
}

/**
 * Has Node see the id 0 while a promise job runs. Its contexts are on another stack, and work as ever.
 *
 * After the promise jobs of a timer or of a file that was read, Node asks whether the id is 0, and nothing that could be called
 * before comes between a job that V8 has ended and this question.
 */
function hidePromiseIds(wrap: AsyncWrap): void {
  const [init, before, after, settled] = wrap.getPromiseHooks();
  if (!before || !after || wrapped.has(before as () => void)) return;
  const fields = wrap.async_id_fields;
  const { kExecutionAsyncId, kTriggerAsyncId } = wrap.constants;
  const hidden: PromiseHook = (promise) => {
    before(promise);
    ids.push(fields[kExecutionAsyncId]!, fields[kTriggerAsyncId]!);
    fields[kExecutionAsyncId] = 0;
    fields[kTriggerAsyncId] = 0;
  };
  wrapped.add(hidden as () => void);
  const shown: PromiseHook = (promise) => {
    fields[kTriggerAsyncId] = ids.pop() ?? 0;
    fields[kExecutionAsyncId] = ids.pop() ?? 0;
    after(promise);
  };
  wrap.setPromiseHooks(init, hidden, shown, settled);
}

type Call = (...args: unknown[]) => unknown;

let areCallsHidden = false;

/**
 * Has Node see the id 0 in callbacks of `process.nextTick` and `queueMicrotask` and in `AsyncResource.runInAsyncScope`, for the same
 * reason: these ids are still there when the next callback, of V8 or of Node, ends and asks.
 */
function hideIdsOfCalls({ async_id_fields: fields, constants }: AsyncWrap): void {
  if (areCallsHidden) return;
  areCallsHidden = true;
  const { kExecutionAsyncId, kTriggerAsyncId } = constants;
  const hidden = (self: unknown, callback: unknown, args: unknown[]) => {
    const execution = fields[kExecutionAsyncId]!;
    const trigger = fields[kTriggerAsyncId]!;
    fields[kExecutionAsyncId] = 0;
    fields[kTriggerAsyncId] = 0;
    try {
      return Reflect.apply(callback as Call, self, args);
    } finally {
      fields[kExecutionAsyncId] = execution;
      fields[kTriggerAsyncId] = trigger;
    }
  };

  const queue = process.nextTick as Call;
  process.nextTick = function nextTick(callback: unknown, ...args: unknown[]) {
    // Node says itself what is wrong with what is not a function.
    if (typeof callback === "function") queue(hidden, undefined, callback, args);
    else queue(callback);
  };

  const { prototype } = AsyncResource;
  const run = prototype.runInAsyncScope as Call;
  // Also around the call: what is put on the stack is the id from before, and that is what comes back when code is ended.
  prototype.runInAsyncScope = function runInAsyncScope<This, Result>(
    this: AsyncResource,
    callback: (this: This, ...args: never[]) => Result,
    self?: This,
    ...args: unknown[]
  ): Result {
    return hidden(this, run, [hidden, undefined, self, callback, args]) as Result;
  };
}

/**
 * Runs `body` in its own turn of Node's event loop, and resolves with what it returns.
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
