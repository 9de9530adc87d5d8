// What a run would keep under another scale factor: replays its archive, activation by activation, with core's own scoring
// and retention. Nothing is trained again, so this covers the existing models, not those that another scale factor would
// have led to. Under the run's own scale factor, the result is what the run kept (a property test).

import { ROOT } from "../core/layer-users.js";
import { List } from "../core/list.js";
import type { Method } from "../core/methods.js";
import type { Layer, Model, ModelId, TaskName } from "../core/model.js";
import { accountedParams } from "../core/score.js";
import { type State, standingTasks } from "../core/state.js";

export type Scoring = Pick<Method, "scaleFactor" | "rootParams" | "tieSurvivor">;

/** The model that a task would keep. */
export interface Kept {
  readonly task: TaskName;
  readonly model: Model;
  /** Under the sharing of all picks; a count. muNet eq. 3. */
  readonly accountedParams: number;
  readonly score: number;
  /** The other tasks that share each layer of its path, image to head; empty for layers of its own or the root's. */
  readonly sharedWith: readonly (readonly TaskName[])[];
}

export interface Rescored {
  readonly scaleFactor: number;
  /** The result of each activation, in order of time, without forgotten tasks. */
  readonly activations: readonly {
    readonly task: TaskName;
    readonly iteration: number;
    readonly model: Model;
  }[];
  /** The same, including tasks that were forgotten later, because a moment of a run may be earlier than that. Null if the activation left no model. */
  readonly history: readonly {
    readonly task: TaskName;
    readonly iteration: number;
    /** The activation's first child. */
    readonly first: ModelId;
    readonly model: Model | null;
  }[];
  /** A pick for each task that has a candidate, in the order of the tasks. */
  readonly kept: readonly Kept[];
  /** Mean validation accuracy of the picks. */
  readonly meanAccuracy: number;
  /** Mean test accuracy, if all picks were tested. */
  readonly meanTest: number | null;
  /** Mean accounted parameters per task, a count. */
  readonly meanAccounted: number;
}

type Users = Map<string, Set<TaskName>>;

/** Counts the users of layers while picks change. */
class Sharing {
  readonly users: Users = new Map();

  add(path: readonly Layer[], user: TaskName): void {
    for (const { id } of path) {
      const users = this.users.get(id);
      if (users) users.add(user);
      else this.users.set(id, new Set([user]));
    }
  }

  remove(path: readonly Layer[], user: TaskName): void {
    for (const { id } of path) {
      const users = this.users.get(id);
      users?.delete(user);
      if (users?.size === 0) this.users.delete(id);
    }
  }
}

const isCandidate = (model: Model): boolean =>
  model.status === "active" || model.status === "retained" || model.status === "dropped";

interface Replayed {
  readonly task: TaskName;
  readonly iteration: number;
  /** Its first child, whatever its outcome. */
  readonly first: ModelId;
  readonly candidates: Model[];
}

/** Candidates by the activation that made them, in the order of time. */
function activationsOf(state: State): Replayed[] {
  const all: Replayed[] = [];
  for (const model of state.models) {
    if (model.task === null || !model.birth) continue;
    const last = all.at(-1);
    const { iteration } = model.birth;
    if (last?.task !== model.task || last.iteration !== iteration)
      all.push({ task: model.task, iteration, first: model.id, candidates: [] });
    if (isCandidate(model)) all.at(-1)!.candidates.push(model);
  }
  return all;
}

/** The picks of every task under `scoring`. */
export function rescore(state: State, scoring: Scoring): Rescored {
  const sharing = new Sharing();
  const picks = new Map<TaskName, Model>();
  const root = state.models.get(0);
  const history: { task: TaskName; iteration: number; first: ModelId; model: Model | null }[] = [];
  let activations: { task: TaskName; iteration: number; model: Model }[] = [];
  const coming = [...state.forgettings];
  const forgetBefore = (id: ModelId) => {
    while (coming.length > 0 && coming[0]!.before <= id) {
      const { task } = coming.shift()!;
      sharing.remove(picks.get(task)?.path ?? [], task);
      picks.delete(task);
      activations = activations.filter((each) => each.task !== task);
    }
  };
  if (root) sharing.add(root.path, ROOT);
  for (const { task, iteration, first, candidates } of activationsOf(state)) {
    forgetBefore(first);
    const survivor = picks.get(task);
    if (survivor) sharing.remove(survivor.path, task);
    const best = pick(survivor ? [survivor, ...candidates] : candidates, sharing.users, scoring);
    history.push({ task, iteration, first, model: best ?? null });
    if (!best) continue;
    picks.set(task, best);
    sharing.add(best.path, task);
    activations.push({ task, iteration, model: best });
  }
  forgetBefore(state.models.length);
  const kept = standingTasks(state).flatMap(({ name }) => {
    const model = picks.get(name);
    return model ? [keptOf(model, name, sharing, scoring)] : [];
  });
  const isTest = kept.length > 0 && kept.every(({ model }) => model.testAccuracy !== null);
  const mean = (value: (kept: Kept) => number) =>
    kept.length === 0 ? 0 : kept.reduce((sum, one) => sum + value(one), 0) / kept.length;
  return {
    scaleFactor: scoring.scaleFactor,
    activations,
    history,
    kept,
    meanAccuracy: mean(({ model }) => model.accuracy ?? 0),
    meanTest: isTest ? mean(({ model }) => model.testAccuracy!) : null,
    meanAccounted: mean((one) => one.accountedParams),
  };
}

const scoreWith = (model: Model, users: Users, { scaleFactor, rootParams }: Scoring): number => {
  if (model.accuracy === null) return Number.NEGATIVE_INFINITY;
  if (scaleFactor === 1) return model.accuracy;
  return model.accuracy * scaleFactor ** (accountedParams(model.path, users) / rootParams);
};

/** Like core/score `bestOf`, but with counted sharing instead of look-ups. */
function pick(candidates: readonly Model[], users: Users, scoring: Scoring): Model | undefined {
  let best: Model | undefined;
  let top = Number.NEGATIVE_INFINITY;
  for (const model of candidates) {
    const score = scoreWith(model, users, scoring);
    if (!best || score > top || (score === top && scoring.tieSurvivor === "newest")) {
      best = model;
      top = score;
    }
  }
  return best;
}

function keptOf(model: Model, task: TaskName, sharing: Sharing, scoring: Scoring): Kept {
  sharing.remove(model.path, task);
  const accounted = accountedParams(model.path, sharing.users);
  const score = scoreWith(model, sharing.users, scoring);
  const sharedWith = model.path.map(({ id }) =>
    [...(sharing.users.get(id) ?? [])].filter((user) => user !== ROOT),
  );
  sharing.add(model.path, task);
  return { task, model, accountedParams: accounted, score, sharedWith };
}

/** `state` as if the picks had been retained, for pictures of the network under another scale factor. */
export function withPicks(state: State, { kept }: Rescored): State {
  const ids = new Set<ModelId>(kept.map(({ model }) => model.id));
  const models = state.models.map((model) => {
    if (ids.has(model.id))
      return model.status === "retained" ? model : { ...model, status: "retained" as const };
    return model.status === "retained" ? { ...model, status: "dropped" as const } : model;
  });
  const retained = Object.fromEntries(kept.map(({ task, model }) => [task, model.id]));
  return { ...state, models: List.of(models), retained };
}

/** How a run scores, and its reference size: that of its method or, if the method ignores size, that of its largest model, because the method's own constant then belongs to another backbone. */
export function scoringOf(state: State, method: Scoring): Scoring {
  if (method.scaleFactor !== 1) return method;
  const sizes = state.models.map(({ path }) => path.reduce((sum, { paramCount }) => sum + paramCount, 0));
  return { ...method, rootParams: Math.max(1, ...sizes) };
}

/** Users of each layer among the picks of tasks other than `task`, for accounting its models' parameters. */
export function usersBeside({ kept }: Rescored, task: TaskName): ReadonlyMap<string, ReadonlySet<TaskName>> {
  const users: Users = new Map();
  for (const other of kept) {
    if (other.task === task) continue;
    for (const { id } of other.model.path) users.set(id, (users.get(id) ?? new Set()).add(other.task));
  }
  return users;
}
