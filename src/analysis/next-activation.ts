// What the next activation of each task may bring, before one spends it: the share of a task's error that earlier activations
// of old tasks took away, and what they cost. The same forecast, made before each activation that has ended, is held against
// what came, so that one sees what it is worth.

import type { Event } from "../core/event.js";
import type { TaskName } from "../core/model.js";
import { coreTime, withCoreMs } from "./core-time.js";
import { mean, sampleStd } from "./stats.js";

/** An activation that has ended, as a forecast needs it. */
interface Ended {
  readonly task: TaskName;
  /** Validation accuracy of the task's model before and after, in [0, 1]; null before for a new task. */
  readonly before: number | null;
  readonly after: number;
  /** Training and validating its children, in minutes times threads. */
  readonly coreMinutes: number | null;
}

export interface NextActivation {
  readonly task: TaskName;
  /** Validation accuracy of its model now, in [0, 1]. */
  readonly accuracy: number;
  /** Expected rise of the validation accuracy, in [0, 1]. */
  readonly gain: number;
  /** Standard deviation of that rise, by what earlier activations differed in; null before there were two. */
  readonly spread: number | null;
  /** Expected cost, in minutes times threads: as the task's last activation; null where the run does not say on how many. */
  readonly coreMinutes: number | null;
  /** gain / coreMinutes. */
  readonly gainPerCoreMinute: number | null;
}

export interface NextActivations {
  /** By falling gain per core-minute. */
  readonly tasks: readonly NextActivation[];
  /** Past activations for which the forecast was made too, and its mean error there; null where there were none. */
  readonly scored: {
    readonly activations: number;
    readonly meanError: number;
    readonly meanGain: number;
  } | null;
}

/** The share of a task's error that an activation took away. */
const shareOf = ({ before, after }: Ended): number =>
  before === null || before >= 1 ? 0 : Math.max(0, (after - before) / (1 - before));

/** The shares from which the next gain is expected: those of activations of tasks that had a model before. */
const sharesOf = (ended: readonly Ended[]): number[] =>
  ended.filter(({ before }) => before !== null && before < 1).map(shareOf);

/** The forecast for every task that has a model. `events` are the effective ones; `threads` those that the run began with. */
export function nextActivations(events: readonly Event[], threads: number | undefined): NextActivations {
  const ended = endedActivations(events, threads);
  const now = new Map(ended.map((activation) => [activation.task, activation]));
  for (const event of events) if (event.type === "task-forgotten") dropForgotten(now, event.task, events);
  const shares = sharesOf(ended);
  const expected = shares.length > 0 ? mean(shares) : 0;
  const spread = shares.length > 1 ? sampleStd(shares) : null;
  const tasks = [...now.values()].map(({ task, after, coreMinutes }): NextActivation => {
    const gain = (1 - after) * expected;
    return {
      task,
      accuracy: after,
      gain,
      spread: spread === null ? null : (1 - after) * spread,
      coreMinutes,
      gainPerCoreMinute: coreMinutes === null || coreMinutes === 0 ? null : gain / coreMinutes,
    };
  });
  tasks.sort((a, b) => (b.gainPerCoreMinute ?? b.gain) - (a.gainPerCoreMinute ?? a.gain));
  return { tasks, scored: scoredForecasts(ended) };
}

/** Takes out a task that was forgotten and has no model since. */
function dropForgotten(now: Map<TaskName, Ended>, task: TaskName, events: readonly Event[]): void {
  const gone = events.findLastIndex((event) => event.type === "task-forgotten" && event.task === task);
  const back = events.findLastIndex((event) => event.type === "activation-ended" && event.task === task);
  if (back < gone) now.delete(task);
}

/** The forecast before each activation of an old task, against what came. */
function scoredForecasts(ended: readonly Ended[]): NextActivations["scored"] {
  const errors: number[] = [];
  const gains: number[] = [];
  ended.forEach(({ before, after }, i) => {
    const shares = sharesOf(ended.slice(0, i));
    if (before === null || shares.length === 0) return;
    errors.push(Math.abs((1 - before) * mean(shares) - (after - before)));
    gains.push(after - before);
  });
  if (errors.length === 0) return null;
  return { activations: errors.length, meanError: mean(errors), meanGain: mean(gains) };
}

/** Activations that left a model, in the order of time. */
function endedActivations(events: readonly Event[], threads: number | undefined): Ended[] {
  const best = new Map<number, number>();
  const survivors = new Map<TaskName, number>();
  const ended: Ended[] = [];
  let spent = 0;
  for (const { event, coreMs } of withCoreMs(events, threads)) {
    spent = event.type === "activation-started" ? 0 : spent + coreMs;
    if (event.type === "task-forgotten") survivors.delete(event.task);
    if (event.type === "child-validated")
      best.set(event.child, Math.max(best.get(event.child) ?? 0, event.accuracy));
    if (event.type !== "activation-ended" || event.retained === null) continue;
    const { task } = event;
    const after = best.get(event.retained) ?? 0;
    ended.push({ task, before: survivors.get(task) ?? null, after, coreMinutes: coreTime(spent, 60_000) });
    survivors.set(task, after);
  }
  return ended;
}
