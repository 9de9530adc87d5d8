// The state of a run as a fold over its events; nothing else changes it. The same fold serves the evolver, a resumed
// run, the command line, the report and the widgets.

import type { Event, TaskRecord } from "./event.js";
import type { Preprocessing } from "./hyperparams.js";
import { List, type ListDraft } from "./list.js";
import { type Moment, mergedModel, mergedTasks } from "./merge.js";
import type { Evaluation, Layer, Model, ModelId, TaskName } from "./model.js";
import type { Change, Settings } from "./settings.js";

/** The current activation of a task. */
export interface Activation {
  readonly iteration: number;
  readonly task: TaskName;
  /** Models of other tasks to start from, in the order in which the next scan visits them. */
  readonly seeds: readonly ModelId[];
  /** Number of seeds that already had their unmutated child (muNet). */
  readonly seedsUsed: number;
  /** Candidates, oldest first; the task's earlier survivor is one. */
  readonly active: readonly ModelId[];
  /** Generations that have ended. */
  readonly generations: number;
  /** Preprocessing of the generation in flight. */
  readonly preprocessing: Preprocessing | null;
}

/** A removal of a task; the task may have been added again since. */
export interface Forgetting {
  readonly task: TaskName;
  /** Models of the task with a smaller id were removed with it. */
  readonly before: ModelId;
}

export interface State {
  readonly seed: number;
  readonly experiment: string;
  readonly tasks: readonly TaskRecord[];
  /** All models ever planned; the id of a model is its index. */
  readonly models: List<Model>;
  /** The root's position embedding at other image sizes than its own. method.md §a.5. */
  readonly posembeds: readonly Layer[];
  /** Each task's survivor. */
  readonly retained: Readonly<Record<TaskName, ModelId>>;
  readonly activation: Activation | null;
  /** Activations that have ended. */
  readonly activations: number;
  /** Activations that extensions added to the experiment's own, in order. */
  readonly extension: readonly TaskName[];
  /** Settings that extensions have set anew, in order. */
  readonly changes: readonly Change[];
  /** Tasks whose models were removed. */
  readonly forgotten: readonly TaskName[];
  /** Every removal, in order of time: of a task that was added again, the models from before its removal no longer count. */
  readonly forgettings: readonly Forgetting[];
  readonly ended: boolean;
  /** The moments since which another system can be merged: the root, and each time that the run had ended, in order. */
  readonly moments: readonly Moment[];
  /** The merges that are open, the outermost first: what is common, and this system as the other began. */
  readonly merging: readonly {
    readonly common: Moment;
    readonly ours: Moment;
    readonly moments: readonly Moment[];
  }[];
}

export const emptyState: State = {
  seed: 0,
  experiment: "",
  tasks: [],
  models: List.empty(),
  posembeds: [],
  retained: {},
  activation: null,
  activations: 0,
  extension: [],
  changes: [],
  forgotten: [],
  forgettings: [],
  ended: false,
  moments: [],
  merging: [],
};

type Draft = { -readonly [K in Exclude<keyof State, "models">]: State[K] } & { models: ListDraft<Model> };

/** The state after `events`, which must be effective events (core/event), starting from `start`. */
export function foldEvents(events: Iterable<Event>, start: State = emptyState): State {
  const draft: Draft = { ...start, models: start.models.draft() };
  for (const event of events) step(draft, event);
  return { ...draft, models: draft.models.done() };
}

/** The state after one more event. */
export const applyEvent = (state: State, event: Event): State => foldEvents([event], state);

const UNTRAINED = { evaluations: [], accuracy: null, testAccuracy: null, steps: 0, selections: {} } as const;

function step(draft: Draft, event: Event): void {
  switch (event.type) {
    case "run-started":
      draft.seed = event.seed;
      draft.experiment = event.experiment;
      draft.tasks = event.tasks;
      return;
    case "root-added":
      draft.posembeds = event.posembeds ?? [];
      draft.models.push({
        ...UNTRAINED,
        id: 0,
        parent: null,
        task: null,
        shape: event.shape,
        hyperparams: event.hyperparams,
        mutations: [],
        birth: null,
        status: "root",
        path: event.path,
      });
      draft.moments = [{ ...momentOf(draft), tasks: [] }];
      return;
    case "activation-started":
      activate(draft, event);
      return;
    case "generation-started":
      draft.activation = { ...draft.activation!, preprocessing: event.preprocessing };
      return;
    case "child-planned":
      plan(draft, event);
      return;
    case "child-validated": {
      const evaluation: Evaluation = { accuracy: event.accuracy, loss: event.loss };
      const model = draft.models.get(event.child)!;
      change(draft, event.child, {
        evaluations: [...model.evaluations, evaluation],
        accuracy: Math.max(model.accuracy ?? 0, event.accuracy),
        steps: event.steps,
      });
      return;
    }
    case "child-finished": {
      const { child, outcome } = event;
      if (outcome.result !== "improved") {
        change(draft, child, { status: outcome.result });
        return;
      }
      change(draft, child, { status: "active", path: outcome.path });
      draft.activation = { ...draft.activation!, active: [...draft.activation!.active, child] };
      return;
    }
    case "generation-ended":
      draft.activation = { ...draft.activation!, generations: event.generation + 1, preprocessing: null };
      return;
    case "activation-ended": {
      for (const id of draft.activation!.active)
        change(draft, id, { status: id === event.retained ? "retained" : "dropped" });
      if (event.retained !== null) draft.retained = { ...draft.retained, [event.task]: event.retained };
      draft.activation = null;
      draft.activations += 1;
      return;
    }
    case "model-tested":
      change(draft, event.model, { testAccuracy: event.testAccuracy });
      return;
    case "run-ended":
      draft.ended = true;
      draft.moments = [...draft.moments, momentOf(draft)];
      return;
    case "run-extended":
      draft.tasks = [
        ...draft.tasks.filter((old) => !event.tasks.some(({ name }) => name === old.name)),
        ...event.tasks,
      ];
      draft.forgotten = draft.forgotten.filter((name) => !event.tasks.some((task) => task.name === name));
      draft.extension = [...draft.extension, ...event.schedule];
      if (event.settings) set(draft, event.settings);
      draft.ended = false;
      return;
    case "task-forgotten": {
      const id = survivorOf(draft, event.task);
      const { [event.task]: _, ...others } = draft.retained;
      if (id !== undefined) change(draft, id, { status: "dropped" });
      draft.retained = others;
      draft.forgotten = [...draft.forgotten, event.task];
      draft.forgettings = [...draft.forgettings, { task: event.task, before: draft.models.length }];
      draft.moments = [...draft.moments, momentOf(draft)];
      return;
    }
    case "run-merged":
      beginMerge(draft, event);
      return;
    case "merge-ended":
      endMerge(draft, event);
      return;
    case "run-resumed":
      return;
  }
  event satisfies never;
}

/** The state now, as far as a merge needs it. */
function momentOf(draft: Draft): Moment {
  const { tasks, retained, forgotten } = draft;
  const models = draft.models.done();
  draft.models = models.draft();
  return { models, tasks, retained, forgotten };
}

/** From here on the state is the other system's, which begins with what both have in common; models of this one only stay in the list. */
function beginMerge(draft: Draft, event: Event & { type: "run-merged" }): void {
  const common = draft.moments[event.since]!;
  draft.merging = [...draft.merging, { common, ours: momentOf(draft), moments: draft.moments }];
  for (const model of common.models)
    if (draft.models.get(model.id) !== model) draft.models.set(model.id, model);
  draft.tasks = [...common.tasks, ...event.tasks];
  draft.retained = common.retained;
  draft.forgotten = common.forgotten;
  draft.moments = draft.moments.slice(0, event.since + 1);
  draft.extension = [...draft.extension, ...event.schedule];
  draft.ended = event.schedule.length === 0;
  set(draft, event.settings);
}

function endMerge(draft: Draft, { settings, prefer }: Event & { type: "merge-ended" }): void {
  const { common, ours, moments } = draft.merging.at(-1)!;
  const theirs = momentOf(draft);
  const { tasks, retained, forgotten } = mergedTasks({ common, ours, theirs }, prefer);
  for (const before of common.models) {
    const [a, b] = [ours, theirs].map(({ models }) => models.get(before.id)!) as [Model, Model];
    if (a !== before || b !== before) draft.models.set(before.id, mergedModel(before, a, b));
  }
  const survivors = new Set(Object.values(retained));
  for (const id of new Set([common, ours, theirs].flatMap((moment) => Object.values(moment.retained))))
    change(draft, id, { status: survivors.has(id) ? "retained" : "dropped" });
  draft.tasks = tasks;
  draft.retained = retained;
  draft.forgotten = forgotten;
  const before = draft.models.length;
  const anew = forgotten.filter((task) => !common.forgotten.includes(task));
  draft.forgettings = [...draft.forgettings, ...anew.map((task) => ({ task, before }))];
  draft.merging = draft.merging.slice(0, -1);
  draft.ended = true;
  draft.moments = [...moments, momentOf(draft)];
  set(draft, settings);
}

/** Changes settings from the next activation and the next model on. */
function set(draft: Draft, settings: Partial<Settings>): void {
  const change = { from: draft.activations, firstModel: draft.models.length, settings };
  draft.changes = [...draft.changes, change];
}

function activate(draft: Draft, { iteration, task, seeds }: Event & { type: "activation-started" }): void {
  const survivor = survivorOf(draft, task);
  if (survivor !== undefined) change(draft, survivor, { status: "active" });
  draft.activation = {
    iteration,
    task,
    seeds,
    seedsUsed: 0,
    active: survivor === undefined ? [] : [survivor],
    generations: 0,
    preprocessing: null,
  };
}

function plan(draft: Draft, { plan, rule }: Event & { type: "child-planned" }): void {
  const activation = draft.activation!;
  draft.models.push({
    ...UNTRAINED,
    id: plan.child,
    parent: plan.parent,
    task: plan.task,
    shape: plan.shape,
    hyperparams: plan.hyperparams,
    mutations: plan.mutations,
    birth: { iteration: activation.iteration, generation: activation.generations },
    status: "training",
    path: [],
  });
  const { selections } = draft.models.get(plan.parent)!;
  change(draft, plan.parent, {
    selections: { ...selections, [plan.task]: (selections[plan.task] ?? 0) + 1 },
  });
  if (rule === "seed") {
    // The next scan begins after the seed that was chosen.
    const next = activation.seeds.indexOf(plan.parent) + 1;
    draft.activation = {
      ...activation,
      seeds: [...activation.seeds.slice(next), ...activation.seeds.slice(0, next)],
    };
  } else if (rule === "seed-unmutated") {
    draft.activation = { ...activation, seedsUsed: activation.seedsUsed + 1 };
  }
}

function change(draft: Draft, id: ModelId, fields: Partial<Model>): void {
  draft.models.set(id, { ...draft.models.get(id)!, ...fields });
}

/** The task's survivor; works for names that every object has ("valueOf") too. */
const survivorOf = ({ retained }: Pick<State, "retained">, task: TaskName): ModelId | undefined =>
  Object.hasOwn(retained, task) ? retained[task] : undefined;

/** The model with number `id`. */
export const modelOf = (state: State, id: ModelId): Model => state.models.get(id)!;

/** The tasks of the run except forgotten ones, in the run's order. */
export const standingTasks = ({ tasks, forgotten }: State): TaskRecord[] =>
  tasks.filter(({ name }) => !forgotten.includes(name));

/** Whether `model` was removed with its task, even if the task was added again. */
export const isForgotten = ({ forgettings }: State, { id, task }: Pick<Model, "id" | "task">): boolean =>
  forgettings.some((forgetting) => forgetting.task === task && id < forgetting.before);
