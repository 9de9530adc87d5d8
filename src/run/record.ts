// A run as a reader sees it: everything in its folder at one moment. Takes no lock and changes nothing, so a run may be read
// while another process writes it.

import { type Event, effectiveEvents } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import { foldEvents, type State } from "../core/state.js";
import { type Boundary, eventsAt } from "./boundary.js";
import { digestOf } from "./digest.js";
import { eventsOf, readRun as readFolder } from "./folder.js";
import { RUN_FILE, type RunHeader } from "./header.js";
import { parseExperiment } from "./parse-experiment.js";

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
  /** The run as it was at an earlier moment. Throws options/not-valid where it has no such moment. */
  readonly at: (moment: Boundary) => RunRecord;
}

/** The run in `dir`. Throws run/not-a-run, run/newer-format, run/damaged, journal/damaged, journal/cut. */
export async function readRun(dir: string): Promise<RunRecord> {
  const folder = await readFolder(dir);
  const experiment = parseExperiment(folder.header.experiment, `${dir}/${RUN_FILE}`);
  return recordOf(dir, folder.header, experiment, await eventsOf(folder));
}

/** The record of all events of a journal. */
export function recordOf(
  dir: string,
  header: RunHeader,
  experiment: Experiment,
  all: readonly Event[],
): RunRecord {
  const events = effectiveEvents(all);
  return {
    dir,
    header,
    experiment,
    events,
    state: foldEvents(events),
    resumes: all.filter((event) => event.type === "run-resumed").length,
    digest: digestOf(all),
    wallMs: wallMsOf(all),
    threads: threadsOf(header, all),
    trainMs: all.reduce((sum, event) => sum + (event.clock?.trainMs ?? 0), 0),
    at: (moment) => recordOf(dir, header, experiment, eventsAt(events, moment)),
  };
}

function threadsOf(header: RunHeader, events: readonly Event[]): number | undefined {
  let { threads } = header;
  let [weighted, time] = [0, 0];
  for (const { clock } of events) {
    threads = clock?.threads ?? threads;
    const ms = clock?.trainMs ?? 0;
    time += ms;
    weighted += ms * (threads ?? Number.NaN);
  }
  const mean = time > 0 ? weighted / time : threads;
  return Number.isNaN(mean) ? undefined : mean;
}

/** The events with which a session begins; the time before them doesn't count. */
const begins = ({ type }: Event): boolean =>
  type === "run-resumed" ||
  type === "run-extended" ||
  type === "run-merged" ||
  type === "merge-ended" ||
  type === "task-forgotten";

/** Time from event to event, without the gaps before sessions. */
function wallMsOf(events: readonly Event[]): number {
  let sum = 0;
  events.forEach((event, i) => {
    const before = events[i - 1]?.clock?.at;
    const at = event.clock?.at;
    if (!begins(event) && before !== undefined && at !== undefined) sum += Math.max(0, at - before);
  });
  return sum;
}
