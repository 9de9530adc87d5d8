// For `mulab verify`: a merge (docs/decisions/0017). Between its beginning and its end the standing is the other system's, so
// its events are held to the same rules as any; then both must become one by the rule. That it is the whole other run, and
// unchanged, is shown by its digest, which follows from these events.

import { sameAccess } from "../../core/access.js";
import { type Event, openMerge, type TaskRecord } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import { modelsIn, momentsOf, renumbered } from "../../core/merge.js";
import type { ModelId, TaskName } from "../../core/model.js";
import type { Settings } from "../../core/settings.js";
import { canonicalJson, digestOf } from "../digest.js";
import { experimentMisfit } from "../experiment-fit.js";
import { experimentProblem } from "../parse-experiment.js";
import { type Moment, momentOf, type Of, type Rule, type Standing, settle } from "./standing.js";

const SETTINGS = ["seed", "method", "training", "generations", "children"] as const;

const settingsIn = (of: Partial<Settings>): Partial<Settings> =>
  Object.fromEntries(SETTINGS.filter((name) => name in of).map((name) => [name, of[name]]));

/** What a score depends on. */
const scoringOf = ({ method }: Partial<Settings>) =>
  method && [method.scaleFactor, method.rootParams, method.computeFactor ?? 1, method.score ?? null];

/** Puts the standing back to the common past; false if there is none. */
export function beginMerge(standing: Standing, event: Of<"run-merged">, rule: Rule): boolean {
  const { open, ended, moments, experiment, schedule } = standing;
  const common = moments[event.since];
  rule(!open, () => "an activation is open");
  if (experiment) rule(ended, () => "the run has not ended");
  if (!rule(common !== undefined, () => `the run has no moment ${event.since} that both have in common`))
    return false;
  const onlyRoot = event.since === 0;
  rule(
    onlyRoot === event.schedule.length > 0 && onlyRoot === event.tasks.length > 0,
    () => "tasks and activations of a beginning belong to a system with which only the root is common",
  );
  standing.merging.push({ common: common!, ours: momentOf(standing), moments, experiment });
  standing.moments = moments.slice(0, event.since + 1);
  restore(standing, onlyRoot ? { ...common!, tasks: new Map() } : common!);
  // Models that this system has left behind may be live in the other, which the shortcuts past dead ones don't know.
  for (const model of standing.models.values()) model.above = model.parent;
  setAll(standing, event.settings, rule);
  schedule.push(...event.schedule);
  standing.ended = !onlyRoot;
  return true;
}

export function endMerge(standing: Standing, event: Of<"merge-ended">, rule: Rule): void {
  const { open, ended, models } = standing;
  const merge = standing.merging.pop();
  rule(!open, () => "an activation is open");
  if (!rule(merge !== undefined, () => "no merge is open")) return;
  const { common, ours, moments, experiment } = merge!;
  if (experiment) rule(ended, () => "the system that is merged has not ended");
  const theirs = momentOf(standing);
  if (experiment)
    rule(
      canonicalJson(scoringOf(standing.experiment!)) === canonicalJson(scoringOf(experiment)),
      () => "the two systems score in different ways",
    );
  const both = {
    tasks: new Map<TaskName, TaskRecord>(),
    forgotten: new Set<TaskName>(),
    retained: new Map<TaskName, ModelId>(),
    iterations: new Map<TaskName, number>(),
  };
  for (const task of new Set([...ours.tasks.keys(), ...theirs.tasks.keys()]))
    mergeTask(both, task, { common, ours, theirs }, event.prefer, standing, rule);
  for (const task of new Set([...ours.iterations.keys(), ...theirs.iterations.keys()])) {
    const [a, b, c] = [ours, theirs, common].map(({ iterations }) => iterations.get(task) ?? 0);
    both.iterations.set(task, a! + b! - c!);
  }
  restore(standing, both);
  for (const model of models.values())
    if (model.task !== null && both.forgotten.has(model.task)) model.forgotten = true;
  if (experiment)
    rule(
      canonicalJson(settingsIn(event.settings)) === canonicalJson(settingsIn(experiment)),
      () => "the settings after the merge are not those of the system that is continued",
    );
  standing.experiment = experiment;
  standing.moments = moments;
  standing.ended = true;
}

interface Three {
  readonly common: Moment;
  readonly ours: Moment;
  readonly theirs: Moment;
}

/** What becomes of a task: what only one side changed counts; otherwise the side to prefer has it. */
function mergeTask(
  merged: {
    readonly tasks: Map<TaskName, TaskRecord>;
    readonly forgotten: Set<TaskName>;
    readonly retained: Map<TaskName, ModelId>;
  },
  task: TaskName,
  { common, ours, theirs }: Three,
  prefer: "first" | "second" | undefined,
  { models }: Standing,
  rule: Rule,
): void {
  const stands = [common, ours, theirs].map(({ forgotten, retained }) =>
    forgotten.has(task) ? "forgotten" : (retained.get(task) ?? "nothing"),
  );
  const [before, first, second] = stands as [string | number, string | number, string | number];
  const pathOf = (stand: string | number) =>
    typeof stand === "number"
      ? models
          .get(stand)
          ?.path?.map(({ id }) => id)
          .join()
      : undefined;
  const isSame = first === second || (pathOf(first) !== undefined && pathOf(first) === pathOf(second));
  const isDecided = first === before || second === before || isSame;
  const goesTo =
    second === before || isSame ? first : first === before ? second : prefer === "second" ? second : first;
  const [mine, other] = [ours.tasks.get(task), theirs.tasks.get(task)];
  const wasForgotten =
    (first === before && first === "forgotten") || (second === before && second === "forgotten");
  if (mine && other && !wasForgotten)
    rule(
      mine.fingerprint === other.fingerprint && sameAccess(mine.access, other.access),
      () => `task "${task}" has other images or another access in the system that is merged`,
    );
  rule(
    isDecided || (first !== "forgotten" && second !== "forgotten"),
    () => `task "${task}" was forgotten by one system and trained by the other`,
  );
  rule(
    isDecided || prefer !== undefined,
    () => `both systems have a model of "${task}", and nothing says which one counts`,
  );
  const record = goesTo === second && other && (!mine || wasForgotten) ? other : (mine ?? other)!;
  merged.tasks.set(task, record);
  if (goesTo === "forgotten") merged.forgotten.add(task);
  else if (typeof goesTo === "number") merged.retained.set(task, goesTo);
}

/** Makes `moment` the present: its tasks, survivors and live models. */
function restore(standing: Standing, { tasks, forgotten, retained, iterations }: Moment): void {
  for (const task of [...standing.retained.keys()]) settle(standing, task, null);
  for (const model of standing.models.values()) model.live = model.task === null;
  for (const [task, id] of retained) {
    const model = standing.models.get(id)!;
    model.live = true;
    settle(standing, task, model);
  }
  refill(standing.tasks, tasks);
  refill(standing.iterations, iterations);
  standing.forgotten.clear();
  for (const task of forgotten) standing.forgotten.add(task);
  standing.lately = null;
}

function refill<K, V>(map: Map<K, V>, from: ReadonlyMap<K, V>): void {
  map.clear();
  for (const [key, value] of from) map.set(key, value);
}

function setAll(standing: Standing, settings: Partial<Settings>, rule: Rule): void {
  const { experiment } = standing;
  if (!experiment) return;
  rule(
    SETTINGS.every((name) => name in settings),
    () => "it does not have all settings of the system that is merged",
  );
  const set: Experiment = { ...experiment, ...settings };
  const problem = experimentProblem(set) ?? experimentMisfit(set);
  rule(!problem, () => `it sets ${problem!.path.slice(1)} to ${problem!.found}, not to ${problem!.expected}`);
  standing.experiment = set;
}

/** Merged systems that are not the run whose digest they have. */
export function* mergeFailures(events: readonly Event[]): Generator<string> {
  let from = 0;
  for (;;) {
    const begin = events.findIndex(({ type }, i) => i >= from && type === "run-merged");
    if (begin < 0) return;
    const end = endOfMerge(events, begin);
    if (end < 0) return; // the walk has already reported it
    const other = mergedRun(events, begin, end);
    const { digest } = events[begin] as Of<"run-merged">;
    if (other === null || digestOf(other) !== digest)
      yield `event ${begin + 1} (run-merged): its events are not those of the run with digest ${digest.slice(0, 8)}…`;
    else yield* mergeFailures(other);
    from = end + 1;
  }
}

function endOfMerge(events: readonly Event[], begin: number): number {
  let depth = 0;
  return events.findIndex(({ type }, i) => {
    if (i < begin) return false;
    if (type === "run-merged") depth += 1;
    if (type === "merge-ended") depth -= 1;
    return depth === 0;
  });
}

/** The events of the run that was merged between `begin` and `end`, under its own numbers; null without a common past. */
export function mergedRun(events: readonly Event[], begin: number, end: number): Event[] | null {
  const { since, experiment, tasks, settings } = events[begin] as Of<"run-merged">;
  const ours = events.slice(0, begin);
  if (openMerge(ours) >= 0) return null;
  const count = momentsOf(ours)[since];
  if (count === undefined) return null;
  const started = { type: "run-started", format: 1, experiment, seed: settings.seed ?? 0, tasks } as const;
  const common = since === 0 ? [started, ...ours.slice(1, count)] : ours.slice(0, count);
  const [kept, all] = [modelsIn(common), modelsIn(ours)];
  const back = (id: number): number => (id < kept ? id : id - all + kept);
  return [...common, ...events.slice(begin + 1, end).map((event) => renumbered(event, back))];
}
