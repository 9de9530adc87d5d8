// Merging two systems of one root (docs/decisions/0017): since which moment they differ, how the events of the second are
// renumbered, and what becomes of tasks that both have.

import { sameAccess } from "./access.js";
import type { Event, Side, TaskRecord } from "./event.js";
import type { List } from "./list.js";
import type { Model, ModelId, TaskName } from "./model.js";

/** A system as far as a merge needs it. */
export interface Moment {
  readonly models: List<Model>;
  readonly tasks: readonly TaskRecord[];
  readonly retained: Readonly<Record<TaskName, ModelId>>;
  readonly forgotten: readonly TaskName[];
}

/** How many events there are up to each moment since which another system can be merged: the root, the end of the run each time that it ended, each forgotten task, each merge; only outside of merges. */
export function momentsOf(events: readonly Event[]): number[] {
  const counts: number[] = [];
  let depth = 0;
  events.forEach(({ type }, i) => {
    if (type === "run-merged") depth += 1;
    if (type === "merge-ended") depth -= 1;
    if (depth === 0 && MOMENTS.has(type)) counts.push(i + 1);
  });
  return counts;
}

const MOMENTS: ReadonlySet<Event["type"]> = new Set([
  "root-added",
  "run-ended",
  "task-forgotten",
  "merge-ended",
]);

/** Models that there are after `events`, which have a root; a count. */
export const modelsIn = (events: readonly Event[]): number =>
  1 + events.filter(({ type }) => type === "child-planned").length;

/** `event` with other numbers for its models. */
export function renumbered(event: Event, to: (id: ModelId) => ModelId): Event {
  switch (event.type) {
    case "activation-started":
      return { ...event, seeds: event.seeds.map(to) };
    case "child-planned": {
      const { child, parent } = event.plan;
      return { ...event, plan: { ...event.plan, child: to(child), parent: to(parent) } };
    }
    case "child-validated":
    case "child-finished":
      return { ...event, child: to(event.child) };
    case "activation-ended":
      return event.retained === null ? event : { ...event, retained: to(event.retained) };
    case "model-tested":
      return { ...event, model: to(event.model) };
    default:
      return event;
  }
}

/** From the numbers that models have in a run, inside the merges that are open, to those that they had in the run that was merged: new layers are drawn by these. */
export function ownNumbers(
  merging: readonly { readonly common: Moment; readonly ours: Moment }[],
): (id: ModelId) => ModelId {
  const frames: { readonly kept: number; readonly shift: number }[] = [];
  const to = (id: ModelId): ModelId =>
    frames.reduce((number, { kept, shift }) => (number < kept ? number : number - shift), id);
  for (const { common, ours } of merging) {
    const [kept, all] = [to(common.models.length), to(ours.models.length)];
    frames.push({ kept, shift: all - kept });
  }
  return to;
}

/** The three states of a merge: the common past, and what both sides made of it. */
export interface Sides {
  readonly common: Moment;
  readonly ours: Moment;
  readonly theirs: Moment;
}

export interface MergedTasks {
  readonly tasks: readonly TaskRecord[];
  readonly retained: Readonly<Record<TaskName, ModelId>>;
  readonly forgotten: readonly TaskName[];
  /** Why two tasks of one name can't become one; each name once. */
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  readonly task: TaskName;
  /** Other images; other access; a model of its own on each side; forgotten by one side and trained by the other. */
  readonly why: "images" | "access" | "models" | "forgotten";
  /** For "forgotten": the side that forgot it. */
  readonly side?: Side;
}

/** What a side has of a task: the number of its model, that it was forgotten, or nothing. */
const standOf = ({ retained, forgotten }: Moment, task: TaskName): ModelId | "forgotten" | null => {
  if (forgotten.includes(task)) return "forgotten";
  return Object.hasOwn(retained, task) ? retained[task]! : null;
};

/** The tasks of both sides. Of a task that both changed, the side to `prefer` keeps its model; if it is not given, that is a conflict. */
export function mergedTasks({ common, ours, theirs }: Sides, prefer?: Side): MergedTasks {
  const added = theirs.tasks.filter(({ name }) => !ours.tasks.some((task) => task.name === name));
  const retained: Record<TaskName, ModelId> = {};
  const forgotten: TaskName[] = [];
  const conflicts: Conflict[] = [];
  const records: TaskRecord[] = [];
  for (const record of [...ours.tasks, ...added]) {
    const { name } = record;
    const other = theirs.tasks.find((task) => task.name === name);
    const [before, first, second] = [common, ours, theirs].map((moment) => standOf(moment, name));
    const difference = other && recordDifference(record, other);
    // What one side alone changed counts; equal models are one, whatever their numbers.
    const [isOurs, isTheirs] = [second === before, first === before];
    const isSame = first === second || isSameModel(ours.models, first, theirs.models, second);
    let chosen = isOurs || isSame ? first : isTheirs ? second : undefined;
    const isAnew = (isTheirs && first === "forgotten") || (isOurs && second === "forgotten");
    if (difference && !isAnew) conflicts.push({ task: name, why: difference });
    else if (chosen === undefined && (first === "forgotten" || second === "forgotten"))
      conflicts.push({ task: name, why: "forgotten", side: first === "forgotten" ? "first" : "second" });
    else if (chosen === undefined && !prefer) conflicts.push({ task: name, why: "models" });
    chosen ??= prefer === "second" ? second : first;
    records.push(difference && chosen === second ? other! : record);
    if (chosen === "forgotten") forgotten.push(name);
    else if (chosen != null) retained[name] = chosen;
  }
  return { tasks: records, retained, forgotten, conflicts };
}

function recordDifference(a: TaskRecord, b: TaskRecord): "images" | "access" | undefined {
  if (a.fingerprint !== b.fingerprint || a.classes !== b.classes) return "images";
  if (JSON.stringify(a.keeps ?? null) !== JSON.stringify(b.keeps ?? null)) return "images";
  return sameAccess(a.access, b.access) ? undefined : "access";
}

type Stand = ReturnType<typeof standOf> | undefined;

/** Whether both are models with the same layers, hyperparameters and accuracy. */
function isSameModel(ours: List<Model>, a: Stand, theirs: List<Model>, b: Stand): boolean {
  if (typeof a !== "number" || typeof b !== "number") return false;
  const [one, other] = [ours.get(a), theirs.get(b)];
  const essence = (model: Model | undefined) => [
    model?.path.map(({ id }) => id),
    model?.hyperparams,
    model?.accuracy,
  ];
  return JSON.stringify(essence(one)) === JSON.stringify(essence(other));
}

/** A model of the common past after both sides went on with it: how often it was a parent adds up. */
export function mergedModel(common: Model, ours: Model, theirs: Model): Model {
  const selections: Record<TaskName, number> = { ...ours.selections };
  for (const [task, count] of Object.entries(theirs.selections)) {
    const mine = Object.hasOwn(ours.selections, task) ? ours.selections[task]! : 0;
    const both = Object.hasOwn(common.selections, task) ? common.selections[task]! : 0;
    selections[task] = mine + count - both;
  }
  return { ...ours, selections, testAccuracy: ours.testAccuracy ?? theirs.testAccuracy };
}
