// The moments of a run, for looking back: the ends of its generations, each with the state at that time. It is derived from
// the present state alone, which holds all that counts of the past: who was planned when, how every validation ended, and,
// by replaying the scores (rescore), what each activation retained. So a run can be looked back on wherever its state is,
// in a page without a kernel too, and a run in flight pays nothing for it.

import type { ComponentName } from "../core/components.js";
import { List } from "../core/list.js";
import type { Model, ModelId, TaskName } from "../core/model.js";
import type { Activation, State } from "../core/state.js";
import { formatPercent } from "../format/numbers.js";
import type { Place } from "./pareto.js";
import { type Rescored, rescore, type Scoring, scoringOf } from "./rescore.js";

/** The end of a generation; of an activation's last one, that of the activation with its test. */
export interface Moment {
  readonly task: TaskName;
  /** From 0, as in the models. */
  readonly iteration: number;
  readonly generation: number;
  /** Whether the activation ended with it. */
  readonly isEnd: boolean;
  /** Number of the activation among those that made children. */
  readonly activation: number;
  /** Number of models at that time. */
  readonly models: number;
}

/** The moments of a run with this `state`, oldest first. A generation in flight has none. */
export function momentsOf(state: State): Moment[] {
  const moments: Moment[] = [];
  let activation = -1;
  for (const { task, birth, id } of state.models) {
    if (!birth || task === null) continue;
    const { iteration, generation } = birth;
    const last = moments.at(-1);
    const isSame = last?.task === task && last.iteration === iteration;
    if (isSame && last.generation === generation) {
      moments[moments.length - 1] = { ...last, models: id + 1 };
      continue;
    }
    if (!isSame) {
      activation += 1;
      if (last) moments[moments.length - 1] = { ...last, isEnd: true };
    }
    moments.push({ task, iteration, generation, isEnd: false, activation, models: id + 1 });
  }
  const last = moments.at(-1);
  if (!last) return moments;
  const { activation: now } = state;
  const isRunning = now?.task === last.task && now.iteration === last.iteration;
  if (!isRunning) moments[moments.length - 1] = { ...last, isEnd: true };
  else if (last.generation >= now.generations) moments.pop();
  return moments;
}

/** What the pictures of all moments of a run must have room for, so that nothing moves from one to the next. */
export interface RunExtent {
  /** Tasks that ever had a model, in the order of the tasks. */
  readonly tasks: readonly TaskName[];
  /** Components that a retained model ever had. */
  readonly components: readonly ComponentName[];
  /** The extremes of size and quality among all candidates at all moments. */
  readonly places: readonly Place[];
  /** The results of the activations, in the order of time. */
  readonly retained: readonly ModelId[];
}

/** The past of a run: its moments, what their pictures must have room for, and its state at each of them. */
export class Retrospect {
  readonly moments: readonly Moment[];
  readonly extent: RunExtent;
  readonly #state: State;
  readonly #history: Rescored["history"];

  constructor(state: State, method: Scoring) {
    this.#state = state;
    this.moments = momentsOf(state);
    this.#history = rescore(state, scoringOf(state, method)).history;
    this.extent = extentOf(state, this.#history);
  }

  /** The state at `moment`, which must be one of the moments. Tasks that were added later are in it, without a model. */
  at(moment: Moment): State {
    const state = this.#state;
    const ended = this.#history.slice(0, moment.activation + (moment.isEnd ? 1 : 0));
    const forgettings = state.forgettings.filter(({ before }) => before < moment.models);
    const survivors = survivorsOf(ended, forgettings);
    const tested = new Set(ended.map(({ model }) => model?.id));
    const statusOf = (model: Model): Model["status"] => {
      if (model.path.length === 0 || model.task === null) return model.status;
      const isCurrent = !moment.isEnd && model.task === moment.task;
      if (survivors.get(model.task) === model.id) return isCurrent ? "active" : "retained";
      const isOfNow = isCurrent && model.id >= (this.#history[moment.activation]?.first ?? 0);
      return isOfNow ? "active" : "dropped";
    };
    const selections = selectionsBefore(state, moment.models);
    const models = state.models.slice(0, moment.models).map((model) => ({
      ...model,
      status: statusOf(model),
      testAccuracy: tested.has(model.id) ? model.testAccuracy : null,
      selections: selections.get(model.id) ?? {},
    }));
    const isLast = moment.isEnd && moment.models === state.models.length;
    return {
      ...state,
      models: List.of(models),
      retained: Object.fromEntries(survivors),
      activation: moment.isEnd ? null : activationAt(moment, models),
      activations: ended.length,
      forgotten: state.tasks.map(({ name }) => name).filter((name) => isGone(name, forgettings, models)),
      forgettings,
      ended: isLast && state.ended,
    };
  }
}

/** Each task's retained model after `ended`, unless it was forgotten since. */
function survivorsOf(
  ended: Rescored["history"],
  forgettings: State["forgettings"],
): ReadonlyMap<TaskName, ModelId> {
  const survivors = new Map<TaskName, ModelId>();
  for (const { task, model } of ended) if (model) survivors.set(task, model.id);
  for (const { task, before } of forgettings)
    if ((survivors.get(task) ?? before) < before) survivors.delete(task);
  return survivors;
}

/** A task that was forgotten and has had no child since. */
const isGone = (task: TaskName, forgettings: State["forgettings"], models: readonly Model[]): boolean =>
  forgettings.some(
    (forgetting) =>
      forgetting.task === task &&
      !models.some((model) => model.task === task && model.id >= forgetting.before),
  );

function activationAt({ task, iteration, generation }: Moment, models: readonly Model[]): Activation {
  const active = models.filter(({ status }) => status === "active").map(({ id }) => id);
  return {
    iteration,
    task,
    seeds: [],
    seedsUsed: 0,
    active,
    generations: generation + 1,
    preprocessing: null,
  };
}

/** How often each model was a parent of the first `count` models, by the task of the child. */
function selectionsBefore(state: State, count: number): ReadonlyMap<ModelId, Record<TaskName, number>> {
  const selections = new Map<ModelId, Record<TaskName, number>>();
  for (const { parent, task } of state.models.slice(0, count)) {
    if (parent === null || task === null) continue;
    const own = selections.get(parent) ?? {};
    selections.set(parent, { ...own, [task]: (Object.hasOwn(own, task) ? own[task]! : 0) + 1 });
  }
  return selections;
}

function extentOf(state: State, history: Rescored["history"]): RunExtent {
  const retained = history.flatMap(({ model }) => model ?? []);
  const tasks = new Set(retained.map(({ task }) => task));
  const candidates = state.models.filter(({ task, path }) => task !== null && path.length > 0);
  const accuracies = candidates.flatMap(({ accuracy }) => accuracy ?? []);
  const sizes = candidates.map(({ path }) => path.reduce((sum, { paramCount }) => sum + paramCount, 0));
  const least = { params: 0, accuracy: lowest(accuracies) };
  const most = { params: highest(sizes), accuracy: highest(accuracies) };
  return {
    tasks: state.tasks.map(({ name }) => name).filter((name) => tasks.has(name)),
    components: [...new Set(retained.flatMap(({ path }) => path.map(({ name }) => name)))],
    places: candidates.length > 0 ? [least, most] : [],
    retained: retained.map(({ id }) => id),
  };
}

const lowest = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), 1);
const highest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/** A moment in words; `state` is the state at that moment: "generation 3 of 4 of bangla, iteration 1; best 58.3 %". */
export function momentText(
  { task, iteration, generation, isEnd }: Moment,
  state: State,
  { generations, iterations }: { readonly generations: number; readonly iterations: number },
): string {
  const turn = iterations > 1 || iteration > 0 ? `, iteration ${iteration + 1}` : "";
  const where = `generation ${generation + 1} of ${Math.max(generations, generation + 1)} of ${task}${turn}`;
  const kept = isEnd ? state.models.get(state.retained[task] ?? -1) : undefined;
  if (kept) return `${where}, its last: model ${kept.id} is retained with ${formatPercent(kept.accuracy)}`;
  if (isEnd) return `${where}, its last: no model was retained`;
  const active = state.activation?.active ?? [];
  const best = active.map((id) => state.models.get(id)?.accuracy ?? 0);
  return `${where}; best ${best.length === 0 ? "none yet" : formatPercent(highest(best))}`;
}
