// The network of a run under all scale factors. While the run grows it is made again only now and then, since it takes long.

import { sweep } from "../../../src/analysis/pareto.js";
import type { Rescored, Scoring, State } from "../../../src/wire/browser.js";

/** Between two sweeps of a growing archive: so many milliseconds, and so many times what one takes. */
const EVERY = 1500;
const SHARE = 20;

interface Made {
  readonly state: State;
  /** When it was made and how long that took, in milliseconds. */
  readonly at: number;
  readonly ms: number;
  readonly all: readonly Rescored[];
}

/** The sweep of a state as it is now; of a state that is `isMoving` perhaps that of a moment ago. */
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
