// A run as it was at an earlier moment. All views of a run show the same moment. Its state is derived from the present one,
// which the page has anyway (analysis/moments), and only while an earlier moment is shown.

import { type Moment, momentsOf, Retrospect } from "../src/analysis/moments.js";
import type { State } from "../src/wire/browser.js";
import type { RunClient } from "./client.js";

/** A run whose earlier moments can be shown; without a moment it is the run itself. */
export interface PastClient extends RunClient {
  /** Oldest first. */
  readonly moments: readonly Moment[];
}

const known = new WeakMap<RunClient, PastClient>();

/** The past of `run`; the same object for the same run. */
export function lookingBack(run: RunClient): PastClient {
  const past = known.get(run) ?? pastOf(run);
  known.set(run, past);
  return past;
}

function pastOf(run: RunClient): PastClient {
  const momentsNow = byBoundary((state) => momentsOf(state));
  const retrospectNow = byBoundary((state) => new Retrospect(state, run.head!.method));
  let derived: { retrospect: Retrospect; moment: Moment; state: State } | undefined;

  /** The moment that is shown, and the past that it belongs to; undefined if the present is shown. */
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

/** `make(state)`, computed again only after the end of a generation or a test. */
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
