/**
 * What other threads call on the main thread, through the inspector, on top of the code that runs there.
 *
 * The functions are on `globalThis` under a symbol, because the inspector can only evaluate expressions.
 */

const INSIDE = "mulab.inside";

export interface Inside {
  /** Ends the running code, unless interrupt `id` has been taken; only code of cells, or with `isAny` any code. */
  endUnlessTaken(id: number, isAny: boolean): void;
  /** Handles the urgent messages that wait. */
  takeAllUrgent(): void;
  /** The cells' variables: name -> value. */
  variables(): object;
  /**
   * `{code, lines}` of a cell or a module as JSON: the text of a cell, and for each line of the JavaScript the line that it comes
   * from, -1 for none.
   */
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
