// The system at the end of each segment (µ2Net Table 7), and its tasks' accuracies then (Tables 2 to 6): a run that never
// ends is read by what each stretch of it brought and cost.

import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { segmentStarts, segmentTitle } from "../core/segments.js";
import { emptyState, foldEvents, type State } from "../core/state.js";
import { coreTime, withCoreMs } from "./core-time.js";
import { mean } from "./stats.js";
import { paramsOf, survivorsOf, systemLayers } from "./survivors.js";

/** A segment and the system at its end, or now if it goes on. */
export interface SegmentRow {
  /** From 1, the beginning included. */
  readonly segment: number;
  readonly title: string;
  /** The tasks that it activates, in order, each once. */
  readonly activated: readonly TaskName[];
  /** Those of them that are new. */
  readonly fresh: readonly TaskName[];
  /** Activations that have ended. */
  readonly activations: number;
  /** Training and validating its children, in hours times threads; null where the run does not say on how many. */
  readonly coreHours: number | null;
  /** Tasks with a model. */
  readonly tasks: number;
  /** Parameters in the distinct layers of all retained models. */
  readonly systemParams: number;
  /** Mean share of these that one model uses, in [0, 1]. */
  readonly activatedShare: number;
  /** systemParams / tasks. */
  readonly addedParams: number;
  /** Mean test accuracy over all tasks of the system, in [0, 1]; null before all are tested. */
  readonly test: number | null;
  /** Test accuracy of each task of the system. */
  readonly accuracies: Readonly<Record<TaskName, number | null>>;
}

/** One row per segment. `events` are the effective ones; `threads` those that the run began with. */
export function segmentRows(
  experiment: Pick<Experiment, "title">,
  events: readonly Event[],
  threads: number | undefined,
): SegmentRow[] {
  const starts = [0, ...segmentStarts(events), events.length];
  let state: State = emptyState;
  const spent = [...withCoreMs(events, threads)].map(({ coreMs }) => coreMs);
  const known = new Set<TaskName>();
  return starts.slice(1).map((end, i) => {
    const part = events.slice(starts[i]!, end);
    state = foldEvents(part, state);
    const begins = part[0];
    const activations = part.flatMap((event) => (event.type === "activation-ended" ? [event.task] : []));
    const activated = [...new Set(activations)];
    const fresh = activated.filter((name) => !known.has(name));
    for (const name of fresh) known.add(name);
    const coreMs = spent.slice(starts[i]!, end).reduce((sum, ms) => sum + ms, 0);
    const models = survivorsOf(state);
    const systemParams = paramsOf(systemLayers(state));
    const tested = models.map(({ testAccuracy }) => testAccuracy);
    return {
      segment: i + 1,
      title: titleOf(begins, experiment, i),
      activated,
      fresh,
      activations: activations.length,
      coreHours: coreTime(coreMs, 3.6e6),
      tasks: models.length,
      systemParams,
      activatedShare: models.length === 0 ? 0 : mean(models.map(({ path }) => paramsOf(path))) / systemParams,
      addedParams: models.length === 0 ? 0 : systemParams / models.length,
      test: tested.length > 0 && tested.every((accuracy) => accuracy !== null) ? mean(tested) : null,
      accuracies: Object.fromEntries(models.map(({ task, testAccuracy }) => [task!, testAccuracy])),
    };
  });
}

const titleOf = (begins: Event | undefined, experiment: Pick<Experiment, "title">, i: number): string =>
  i === 0 ? experiment.title : segmentTitle(begins, i + 1);
