// Makes a run read from its folder watchable: its views are the same as while it ran, and its buttons are disabled.

import type { RunRecord } from "../run/record.js";
import type { Watchable } from "./live-run.js";

const stored = new WeakMap<RunRecord, Watchable>();

/** `record` as a watchable run; the same object for the same record, so that its views share one selection. */
export function storedRun(record: RunRecord): Watchable {
  const known = stored.get(record);
  if (known) return known;
  const { dir, experiment, state, events } = record;
  const made: Watchable = {
    dir,
    experiment,
    state,
    events,
    status: state.ended ? "ended" : "stopped",
    subscribe: () => () => {},
    pause() {},
    resume() {},
    stop: async () => {},
    done: async () => state,
  };
  stored.set(record, made);
  return made;
}
