// The network of a run under all scale factors. While the run grows, it is computed only now and then, because it takes
// long.

import { sweep } from "../../../src/analysis/pareto.js";
import type { Rescored, Scoring, State } from "../../../src/wire/browser.js";

/** The time between two computations for a growing archive: at least so many milliseconds, and so many times the duration of one. */
const EVERY = 1500;
const SHARE = 20;

interface Made {
  readonly state: State;
  /** When it was computed and how long that took, in milliseconds. */
  readonly at: number;
  readonly ms: number;
  readonly all: readonly Rescored[];
}

/** The sweep of a state; if the run `isMoving`, it may be that of a moment ago. */
export function lazySweep(): (state: State, scoring: Scoring, isMoving: boolean) => Made {
  let made: Made | undefined;
  return (state, scoring, isMoving) => {
    const now = performance.now();
    const isLate = !made || !isMoving || now - made.at > Math.max(EVERY, SHARE * made.ms);
    if (made && (made.state === state || !isLate)) return made;
    const all = sweep(state, scoring);
    made = { state, at: now, ms: performance.now() - now, all };
    return made;
  };
}
