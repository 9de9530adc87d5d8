// A run as a reader sees it: everything in its folder at one moment. Takes no lock and changes nothing, so a run may be read
// while another process writes it. Events and digest are worked out when they are first asked for.

import { type Event, effectiveEvents } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { foldEvents, type State } from "../core/state.js";
import { type Boundary, eventsAt } from "./boundary.js";
import { digestOf } from "./digest.js";
import { readRun as readFolder } from "./folder.js";
import { RUN_FILE, type RunHeader } from "./header.js";
import { beginning, History } from "./history.js";
import { parseExperiment } from "./parse-experiment.js";
import { meanThreads, type Tally, tallyOf } from "./tally.js";

export interface RunRecord {
  readonly dir: string;
  readonly header: RunHeader;
  readonly experiment: Experiment;
  readonly state: State;
  /** The effective events. */
  readonly events: readonly Event[];
  /** How often the run was resumed after an interruption. */
  readonly resumes: number;
  /** Hash over the effective events without their clocks. */
  readonly digest: string;
  /** Milliseconds of work on the run, without the time between sessions. */
  readonly wallMs: number;
  /** Milliseconds of training and validating children, including lost generations. */
  readonly trainMs: number;
  /** Threads of the engine, on average over that time; undefined for runs of earlier versions, which don't say. */
  readonly threads: number | undefined;
  /** Where a person's own images were, by task, as the events say. */
  readonly images: Tally["images"];
  /** The run as it was at an earlier moment. Throws options/not-valid where it has no such moment. */
  readonly at: (moment: Boundary) => RunRecord;
}

/** The run in `dir`. Throws run/not-a-run, run/newer-format, run/damaged, journal/damaged, journal/cut. */
export async function readRun(dir: string): Promise<RunRecord> {
  const folder = await readFolder(dir);
  const experiment = parseExperiment(folder.header.experiment, `${dir}/${RUN_FILE}`);
  return recordOf(dir, folder.header, experiment, await History.of(folder));
}

/** What a record is made from; `events` are read only if they are needed. */
type Past = Pick<History, "events" | "base" | "effectiveTail" | "tally">;

/** The record of all events of a journal. */
export function recordOf(
  dir: string,
  header: RunHeader,
  experiment: Experiment,
  past: Past | readonly Event[],
): RunRecord {
  const { events: all, base, effectiveTail, tally } = pastOf(past, header);
  const events = once(() => effectiveEvents(all()));
  const digest = once(() => digestOf(all()));
  return {
    dir,
    header,
    experiment,
    get events() {
      return events();
    },
    state: foldEvents(effectiveTail, base.state),
    resumes: tally.resumes,
    get digest() {
      return digest();
    },
    wallMs: tally.wallMs,
    threads: meanThreads(tally),
    trainMs: tally.trainMs,
    images: tally.images,
    at: (moment) => recordOf(dir, header, experiment, eventsAt(events(), moment)),
  };
}

/** A past without its events, which are read when they are needed. */
function pastOf(
  past: Past | readonly Event[],
  { threads }: RunHeader,
): Omit<Past, "events"> & { readonly events: () => readonly Event[] } {
  const isList = (value: typeof past): value is readonly Event[] => Array.isArray(value);
  if (!isList(past)) {
    const { base, effectiveTail, tally } = past;
    return { base, effectiveTail, tally, events: () => past.events };
  }
  const base = beginning(threads);
  return {
    base,
    effectiveTail: effectiveEvents(past),
    tally: tallyOf(past, base.tally),
    events: () => past,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
