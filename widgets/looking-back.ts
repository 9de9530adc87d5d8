// A run as it was at the moment that its page looks back on. All views of a run look at the same moment; what they show is
// derived from the state that the page has anyway (analysis/moments), and only while somebody looks back.

import { type Moment, momentsOf, Retrospect } from "../src/analysis/moments.js";
import type { State } from "../src/wire/browser.js";
import type { RunClient } from "./client.js";

/** A run that can be looked back on; without a moment it is the run itself. */
export interface PastClient extends RunClient {
  /** Oldest first. */
  readonly moments: readonly Moment[];
}

const known = new WeakMap<RunClient, PastClient>();

/** The one past of `run`. */
export function lookingBack(run: RunClient): PastClient {
  const past = known.get(run) ?? pastOf(run);
  known.set(run, past);
  return past;
}

function pastOf(run: RunClient): PastClient {
  const momentsNow = byBoundary((state) => momentsOf(state));
  const retrospectNow = byBoundary((state) => new Retrospect(state, run.head!.method));
  let derived: { retrospect: Retrospect; moment: Moment; state: State } | undefined;

  /** The moment that is looked at, and all that is known of the past; undefined where it is now. */
  function visited(): { retrospect: Retrospect; moment: Moment } | undefined {
    if (run.moment === null || !run.head) return undefined;
    const retrospect = retrospectNow(run.state);
    const moment = retrospect.moments[run.moment];
    return moment && { retrospect, moment };
  }

  function stateThen(): State {
    const there = visited();
    if (!there) return run.state;
    const { retrospect, moment } = there;
    if (derived?.retrospect !== retrospect || derived.moment !== moment)
      derived = { retrospect, moment, state: retrospect.at(moment) };
    return derived.state;
  }

  return new Proxy(run as PastClient, {
    get(target, name) {
      switch (name) {
        case "moments":
          return momentsNow(run.state);
        case "state":
          return stateThen();
        case "moment":
          return visited() ? run.moment : null;
        case "back": {
          const there = visited();
          return there && { whole: run.state, extent: there.retrospect.extent };
        }
        case "selected": {
          const { selected } = run;
          return selected !== null && selected < stateThen().models.length ? selected : null;
        }
        default: {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === "function" ? value.bind(target) : value;
        }
      }
    },
  });
}

/** What `make` makes of a state, again only where a generation or a test has ended since. */
function byBoundary<T>(make: (state: State) => T): (state: State) => T {
  let made: { key: string; value: T } | undefined;
  return (state) => {
    const tested = Object.values(state.retained).map((id) => state.models.get(id)?.testAccuracy);
    const key = JSON.stringify([
      state.activations,
      state.activation?.task,
      state.activation?.generations,
      state.forgettings.length,
      state.ended,
      tested,
    ]);
    if (made?.key !== key) made = { key, value: make(state) };
    return made.value;
  };
}
