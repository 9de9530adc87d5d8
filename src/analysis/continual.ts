// Continual learning's own measures of a run: the accuracy matrix, backward transfer (Lopez-Paz & Ranzato 2017, eq. 3),
// forgetting (Chaudhry et al. 2018, eq. 3) and forward transfer. A task has no head before its first activation, so the
// published forward transfer (Lopez-Paz & Ranzato, eq. 4: the accuracy before the task is learned) does not exist here; its
// place takes what the journal has: the first generation's children of other tasks' models against those of the root.

import type { Event } from "../core/event.js";
import type { Experiment } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { emptyState, foldEvents, type State } from "../core/state.js";
import { type Interval, interval, mean } from "./stats.js";
import { survivorsOf } from "./survivors.js";

/** A row of the accuracy matrix: the system at the end of a segment or, in a run of one segment, of an activation. */
export interface Boundary {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  readonly activated: readonly TaskName[];
  /** Test accuracy of each task of the system, in [0, 1]; null before it is tested. */
  readonly accuracies: Readonly<Record<TaskName, number | null>>;
}

export interface ContinualTask {
  readonly task: TaskName;
  /** The number of the boundary at which the system first had it. */
  readonly learnedAt: number;
  /** Test accuracies there and at the end, in [0, 1]. */
  readonly learned: number;
  readonly now: number;
  /** now − learned; null for what the last boundary has learned. */
  readonly backward: number | null;
  /** The best accuracy that it ever had, minus now: not below 0. */
  readonly forgetting: number;
  /** The largest change between two boundaries by training that was not its own; null if there was none. */
  readonly byOthers: number | null;
  /** Mean validation accuracy of the first generation's children of other tasks' models, minus that of the root's; null where it has no children of both. */
  readonly forward: number | null;
}

export interface Continual {
  readonly kind: "segment" | "activation";
  readonly boundaries: readonly Boundary[];
  readonly tasks: readonly ContinualTask[];
  /** Over the tasks that have the number. Undefined without any. */
  readonly means: {
    readonly now?: Interval;
    readonly backward?: Interval;
    readonly forgetting?: Interval;
    readonly forward?: Interval;
  };
  /** The largest change by training of others, over all tasks. */
  readonly byOthers: number | null;
}

interface Source {
  readonly state: State;
  readonly experiment: Pick<Experiment, "title">;
  /** The effective ones. */
  readonly events: readonly Event[];
}

/** The measures of a run, finished or not; boundaries before every task was tested are not among them. */
export function continual({ state, experiment, events }: Source): Continual {
  const isGrown = events.some(({ type }) => type === "run-extended");
  const boundaries = isGrown ? segmentEnds(experiment, events) : activationEnds(events);
  const tasks = survivorsOf(state).flatMap(({ task }) => taskOf(task!, boundaries, state));
  const over = (values: readonly (number | null)[]): Interval | undefined => {
    const there = values.filter((value) => value !== null);
    return there.length > 0 ? interval(there) : undefined;
  };
  const others = tasks.flatMap(({ byOthers }) => byOthers ?? []);
  const means = {
    now: over(tasks.map(({ now }) => now)),
    backward: over(tasks.map(({ backward }) => backward)),
    forgetting: over(tasks.map(({ forgetting }) => forgetting)),
    forward: over(tasks.map(({ forward }) => forward)),
  };
  return {
    kind: isGrown ? "segment" : "activation",
    boundaries,
    tasks,
    means: Object.fromEntries(Object.entries(means).filter(([, value]) => value)) as Continual["means"],
    byOthers: others.length > 0 ? Math.max(...others) : null,
  };
}

/** The measures of one task; none before it is tested. */
function taskOf(task: TaskName, boundaries: readonly Boundary[], state: State): ContinualTask[] {
  const first = boundaries.findIndex(({ accuracies }) => typeof accuracies[task] === "number");
  if (first < 0) return [];
  const later = boundaries.slice(first);
  const all = later.map(({ accuracies }) => accuracies[task] ?? null);
  const known = all.filter((accuracy) => accuracy !== null);
  const [learned, now] = [known[0]!, known.at(-1)!];
  const changes = later.slice(1).flatMap(({ activated }, i) => {
    const [before, after] = [all[i], all[i + 1]];
    if (activated.includes(task) || before == null || after == null) return [];
    return [Math.abs(after - before)];
  });
  return [
    {
      task,
      learnedAt: boundaries[first]!.number,
      learned,
      now,
      backward: later.length > 1 ? now - learned : null,
      forgetting: Math.max(...known) - now,
      byOthers: changes.length > 0 ? Math.max(...changes) : null,
      forward: forwardOf(task, state),
    },
  ];
}

function forwardOf(task: TaskName, { models }: State): number | null {
  const born = models
    .filter(({ birth, ...model }) => model.task === task && birth?.iteration === 0 && birth.generation === 0)
    .filter(({ accuracy }) => accuracy !== null);
  const of = (isRoots: boolean) =>
    born
      .filter(({ parent }) => (models.get(parent!)!.task === null) === isRoots)
      .map(({ accuracy }) => accuracy!);
  const [fromRoot, fromOthers] = [of(true), of(false)];
  return fromRoot.length > 0 && fromOthers.length > 0 ? mean(fromOthers) - mean(fromRoot) : null;
}

/** The events' cuts, each with the system there. */
function boundariesOf(
  events: readonly Event[],
  cuts: readonly { readonly end: number; readonly title: string }[],
): Boundary[] {
  let state: State = emptyState;
  let from = 0;
  return cuts.map(({ end, title }, i) => {
    const part = events.slice(from, end);
    state = foldEvents(part, state);
    from = end;
    const activated = part.flatMap((event) => (event.type === "activation-ended" ? [event.task] : []));
    const accuracies = survivorsOf(state).map(({ task, testAccuracy }) => [task!, testAccuracy] as const);
    return {
      number: i + 1,
      title,
      activated: [...new Set(activated)],
      accuracies: Object.fromEntries(accuracies),
    };
  });
}

function segmentEnds(experiment: Pick<Experiment, "title">, events: readonly Event[]): Boundary[] {
  const begins = events.flatMap((event, i) =>
    event.type === "run-extended" ? [{ i, title: event.title }] : [],
  );
  const titles = [experiment.title, ...begins.map(({ title }, i) => title ?? `segment ${i + 2}`)];
  const ends = [...begins.map(({ i }) => i), events.length];
  return boundariesOf(
    events,
    ends.map((end, i) => ({ end, title: titles[i]! })),
  );
}

/** After each activation, once its model has been tested. */
function activationEnds(events: readonly Event[]): Boundary[] {
  const ended = events.flatMap((event, i) =>
    event.type === "activation-ended" ? [{ i, title: event.task }] : [],
  );
  return boundariesOf(
    events,
    ended.map(({ i, title }) => {
      const next = events.findIndex(({ type }, at) => at > i && type === "activation-started");
      return { end: next < 0 ? events.length : next, title };
    }),
  );
}
