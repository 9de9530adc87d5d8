/**
 * Which cell a line of code belongs to, even long after the cell is done.
 *
 * AsyncLocalStorage carries it through awaits, timers and callbacks, so a training loop started in cell 3 prints under cell 3.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";

/** One execution of one cell, as far as its output is concerned. */
export interface CellContext {
  /** The header of its execute_request: parent of everything that it outputs. */
  readonly header: string;
  readonly identities: Uint8Array[];
  readonly count: number;
  readonly allowStdin: boolean;
  /** Goes into the reply: pages for the front end's pager. */
  readonly payload: object[];
  /** Aborted by an interrupt, so that long work can stop in an orderly way. */
  readonly signal: AbortSignal;
}

export interface Scope {
  readonly cell: CellContext;
  /** The request being handled, if it is not the cell's own: comm messages answer that one. */
  readonly request?: string;
}

const storage = new AsyncLocalStorage<Scope>();
let latest: Scope | undefined;

/** Runs `body` as part of `scope`; everything that it starts belongs there too. */
export function runIn<T>(scope: Scope, body: () => T): T {
  latest = scope;
  return storage.run(scope, body);
}

/** As runIn, without becoming the latest cell: for callbacks of older cells. */
export function resumeIn<T>(scope: Scope | undefined, body: () => T): T {
  return scope ? storage.run(scope, body) : body();
}

/** Where code that runs now belongs: its own cell, else the latest one; undefined before the first cell. */
export function currentScope(): Scope | undefined {
  return storage.getStore() ?? latest;
}

/** The parent of an output made now; "{}" before the first cell. */
export const outputParent = (): string => currentScope()?.cell.header ?? "{}";

/**
 * The parent of a comm message or an update made now: the message being answered, else the cell that runs, else its own cell.
 *
 * These messages carry the id of what they update; the parent only decides who receives them. While a later cell awaits, a program
 * that executes the notebook listens to that cell only: nbconvert would miss what an earlier cell's run still shows.
 */
export const updateParent = (running: string | undefined): string => {
  const scope = currentScope();
  return scope?.request ?? running ?? scope?.cell.header ?? "{}";
};

/**
 * The scope in which a promise was made, for an unhandled rejection.
 *
 * Node before 24 calls the handler outside that scope, but AsyncLocalStorage has left it on the promise under its own symbol.
 */
export function scopeOfPromise(promise: Promise<unknown>): Scope | undefined {
  const symbol = (storage as unknown as { kResourceStore?: symbol }).kResourceStore;
  const left = symbol ? (promise as unknown as Record<symbol, unknown>)[symbol] : undefined;
  return (left as Scope | undefined) ?? currentScope();
}

/** What Node before 24 leaves on a promise for AsyncLocalStorage, under symbols of these names. */
const MARKS = new Set(["async_id_symbol", "trigger_async_id_symbol", "kResourceStore"]);

/** Has promises look as they do elsewhere when they are shown or logged: without the marks, one of which is a cell's whole request. */
export function hideMarks(): void {
  const value = function (this: Promise<unknown>) {
    for (const mark of Object.getOwnPropertySymbols(this)) {
      if (MARKS.has(mark.description ?? "")) Reflect.defineProperty(this, mark, { enumerable: false });
    }
    return this; // to be shown as any promise is
  };
  Object.defineProperty(Promise.prototype, inspect.custom, { value, configurable: true, writable: true });
}
