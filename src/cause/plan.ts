// What `cause` repeats: a segment of a run, several times with a donor task and as often without it. The plan is data, stored
// whole beside the runs, so that it continues as it was made.

import { createHash } from "node:crypto";
import { causeNeedsEarlier, unknownName, valueNotValid } from "../core/errors/index.js";
import type { Event } from "../core/event.js";
import { experimentAt } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import { canBuildOn } from "../core/readers.js";
import { segmentStarts } from "../core/segments.js";
import type { Settings } from "../core/settings.js";
import { type State, standingTasks } from "../core/state.js";
import { canonicalJson } from "../run/digest.js";
import type { RunRecord } from "../run/record.js";

export interface CauseOptions {
  /** The task whose accuracy is to be explained. */
  readonly task: TaskName;
  /** The donor task that is left out. */
  readonly without: TaskName;
  /** Pairs of runs, each with a seed of its own; default 3. */
  readonly replicas?: number;
  /** The seed of the first pair; the others count up from it. Default: the segment's plus 1. */
  readonly seed?: number;
  /** The segment to repeat, from 1; default: the one that brought the task. */
  readonly segment?: number;
  /** Repeats only the task's activations (and the donor's, if it is of the same segment), not the whole segment. */
  readonly onlyTask?: boolean;
  /** Leaves only the donor's own model out: what other tasks learned from it stays. */
  readonly direct?: boolean;
}

export interface CausePlan {
  readonly task: TaskName;
  readonly without: TaskName;
  readonly segment: number;
  readonly onlyTask: boolean;
  readonly direct: boolean;
  readonly seeds: readonly number[];
  /** Tasks before the segment that are left out too, because their models grew from the donor's. */
  readonly also: readonly TaskName[];
  /** The tasks to activate with the donor and without it, in order, each as often as `iterations` says. */
  readonly with: readonly TaskName[];
  readonly rest: readonly TaskName[];
  readonly iterations: number;
  readonly title: string | null;
  /** What the segment sets anew, without its seed. */
  readonly settings: Partial<Settings>;
  /** Names what the segment grew from: the run's digest then, or the hash of its experiment for the first segment. */
  readonly past: string;
}

/** The plan for a run that has ended. Throws task/unknown, options/not-valid, cause/…. */
export function planCause(run: RunRecord, options: CauseOptions): CausePlan {
  const { task, without, replicas = 3, onlyTask = false, direct = false } = options;
  if (!Number.isSafeInteger(replicas) || replicas < 1)
    throw valueNotValid("replicas", replicas, "a whole number, at least 1");
  const names = run.state.tasks.map(({ name }) => name);
  for (const name of [task, without])
    if (!names.includes(name)) throw unknownName("task", name, names, "in this run");
  if (task === without) throw valueNotValid("The task to leave out", without, `another one than ${task}`);
  const segments = segmentsOf(run);
  const number = options.segment ?? segments.findIndex(({ schedule }) => schedule.includes(task)) + 1;
  const segment = segments[number - 1];
  if (!segment)
    throw valueNotValid(
      "segment",
      number,
      `a whole number from 1 to ${segments.length}, the number that the run has`,
    );
  if (segment.isMerge)
    throw valueNotValid(
      "segment",
      number,
      "one that this run trained: that one was merged; repeat it in the run that was merged",
    );
  if (!segment.schedule.includes(task))
    throw valueNotValid("segment", number, `one that activates "${task}"`);
  const before = number === 1 ? null : run.at({ segment: number - 1 }).state;
  const isThere = before !== null && standingTasks(before).some(({ name }) => name === without);
  if (!isThere && !segment.schedule.includes(without)) throw causeNeedsEarlier(task, without, number);
  const also = before && isThere && !direct ? heirsOf(before, without, task) : [];
  if (also.includes(task))
    throw valueNotValid(
      "segment",
      number,
      `one before which "${task}" has no model that grew from "${without}", or --direct`,
    );
  const unique = [...new Set(segment.schedule)];
  const kept = onlyTask ? unique.filter((name) => name === task || (name === without && !isThere)) : unique;
  const { seed: own, ...settings } = segment.settings;
  const first =
    options.seed ?? (own ?? (before ? experimentAt(run.experiment, before).seed : run.experiment.seed)) + 1;
  if (!Number.isSafeInteger(first) || first < 0)
    throw valueNotValid("seed", first, "a whole number, at least 0");
  return {
    ...{ task, without, segment: number, onlyTask, direct, also },
    seeds: Array.from({ length: replicas }, (_, i) => first + i),
    with: kept,
    rest: kept.filter((name) => name !== without && !also.includes(name)),
    iterations: segment.schedule.length / unique.length,
    title: segment.title,
    settings,
    past: number === 1 ? hashOf(run.experiment) : run.at({ segment: number - 1 }).digest,
  };
}

interface Segment {
  readonly title: string | null;
  readonly schedule: readonly TaskName[];
  readonly settings: Partial<Settings>;
  readonly isMerge: boolean;
}

/** The segments of a run, in order. */
function segmentsOf({ experiment, events }: RunRecord): Segment[] {
  const names = experiment.tasks.map(({ name }) => name);
  const schedule = Array.from({ length: experiment.iterations }, () => names).flat();
  let depth = 0;
  const inside = events.map(({ type }) => {
    if (type === "run-merged") depth += 1;
    if (type === "merge-ended") depth -= 1;
    return depth > 0;
  });
  const later = segmentStarts(events).map((at): Segment => {
    const event = events[at] as Event & { type: "run-extended" | "run-merged" };
    const title = event.type === "run-extended" ? (event.title ?? null) : null;
    const { schedule, settings = {} } = event;
    return { title, schedule, settings, isMerge: inside[at]! };
  });
  return [{ title: null, schedule, settings: {}, isMerge: false }, ...later];
}

/** Tasks whose models have one of `donor` among their ancestors, and on which `task` may build. */
function heirsOf(state: State, donor: TaskName, task: TaskName): TaskName[] {
  return Object.entries(state.retained).flatMap(([heir, id]) => {
    if (heir === donor || !canBuildOn(state.models.get(id)!, task, state)) return [];
    for (let at = state.models.get(id); at; at = at.parent === null ? undefined : state.models.get(at.parent))
      if (at.task === donor) return [heir];
    return [];
  });
}

const hashOf = (value: unknown): string => createHash("sha256").update(canonicalJson(value)).digest("hex");

/** Wall time of one run with the donor and of one without it, as long as the run took for these activations; null where it does not say. */
export function causeSeconds(
  { events }: RunRecord,
  plan: CausePlan,
): { readonly with: number; readonly without: number } | null {
  const starts = [0, ...segmentStarts(events), events.length];
  const took = new Map<TaskName, number>();
  let active: TaskName = "";
  for (const event of events.slice(starts[plan.segment - 1], starts[plan.segment])) {
    if (event.type === "activation-started") active = event.task;
    if (event.type !== "generation-ended") continue;
    if (event.clock?.wallMs === undefined) return null;
    took.set(active, (took.get(active) ?? 0) + event.clock.wallMs / 1000);
  }
  const sum = (tasks: readonly TaskName[]) => tasks.reduce((all, name) => all + (took.get(name) ?? 0), 0);
  return { with: sum(plan.with), without: sum(plan.rest) };
}
