// The state of a run after some of its events, as `mulab verify` tracks it: access, live models, the tasks that use each
// layer, and scores. Written from method.md, not from core/state, so that a fault there can't hide here.

import { componentNames, type Shape } from "../../core/components.js";
import type { Event, TaskRecord } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import { forwardFlops } from "../../core/flops.js";
import { evaluateFormula, type FixedMetrics } from "../../core/formula.js";
import type { Hyperparams, Preprocessing } from "../../core/hyperparams.js";
import type { Method } from "../../core/methods.js";
import type { Access, Layer, LayerId, ModelId, Plan, TaskName } from "../../core/model.js";

export interface WalkedModel {
  readonly id: ModelId;
  readonly task: TaskName | null;
  readonly parent: WalkedModel | null;
  readonly shape: Shape;
  readonly hyperparams: Hyperparams;
  /** Null for the root. */
  readonly plan: Plan | null;
  /** The access of its task when it was planned; the root is public. */
  readonly access: Access;
  /** Itself and its ancestors whose tasks were not public, the nearest of each task. */
  restricted: readonly WalkedModel[];
  /** Gradient steps and accuracy at each validation. */
  readonly validated: { readonly steps: number; readonly accuracy: number }[];
  /** The best of all validations. */
  accuracy: number;
  /** The place of its last validation in the journal. */
  validatedAt: number;
  /** Gradient steps at the validations whose version may have been kept; empty if none was. */
  kept: readonly number[];
  /** Null before its end, and for a child that was discarded or failed. */
  path: readonly Layer[] | null;
  finished: boolean;
  /** The root, a survivor of its task, or a candidate. */
  live: boolean;
  /** Whether its task was forgotten after it was made. */
  forgotten: boolean;
  /** The nearest ancestor that may be live; those in between are dead for good. */
  above: WalkedModel | null;
}

/** The running activation. */
export interface Open {
  readonly task: TaskName;
  readonly seeds: readonly ModelId[];
  /** Number of seeds that had their unmutated child. */
  seedsUsed: number;
  /** In the order in which they finished; the task's earlier survivor comes first. */
  readonly candidates: ModelId[];
  /** Generations that have ended. */
  generations: number;
  /** Preprocessing of the generation in flight. */
  preprocessing: Preprocessing | null;
  /** Children of the generation in flight; null between generations. */
  children: WalkedModel[] | null;
  /** Whether one of them was validated or finished. */
  training: boolean;
  /** The generation's last validation. */
  latest: { readonly child: ModelId; readonly cycle: number } | null;
  /** The place in the journal of the last validation of the child that finished last; null before any finished. */
  finished: number | null;
}

export interface Standing {
  /** With the settings in force; null if run.json has no complete experiment. */
  experiment: Experiment | null;
  readonly tasks: Map<TaskName, TaskRecord>;
  /** Tasks that were removed and not added again. */
  readonly forgotten: Set<TaskName>;
  readonly models: Map<ModelId, WalkedModel>;
  /** Each task's survivor. */
  readonly retained: Map<TaskName, ModelId>;
  /** Tasks whose survivor uses a layer. */
  readonly users: Map<LayerId, Set<TaskName>>;
  /** The root's layers, at every image size; they are never trained. */
  readonly rootLayers: Set<LayerId>;
  /** The root's position embedding at other image sizes, which any child may begin with. */
  posembeds: readonly Layer[];
  /** The tasks of all activations, in order. */
  readonly schedule: TaskName[];
  /** Activations that have begun. */
  activations: number;
  /** How often each task was active, including before it was forgotten. */
  readonly iterations: Map<TaskName, number>;
  /** The task whose activation ended last. */
  lately: TaskName | null;
  readonly tested: Set<ModelId>;
  open: Open | null;
  ended: boolean;
  /** The moments since which another system can be merged. */
  moments: Moment[];
  /** The merges that are open, the outermost first. */
  readonly merging: {
    readonly common: Moment;
    readonly ours: Moment;
    readonly moments: Moment[];
    readonly experiment: Experiment | null;
  }[];
}

/** A standing as far as a merge comes back to it. */
export interface Moment {
  readonly tasks: ReadonlyMap<TaskName, TaskRecord>;
  readonly forgotten: ReadonlySet<TaskName>;
  readonly retained: ReadonlyMap<TaskName, ModelId>;
  readonly iterations: ReadonlyMap<TaskName, number>;
}

export const momentOf = ({ tasks, forgotten, retained, iterations }: Standing): Moment => ({
  tasks: new Map(tasks),
  forgotten: new Set(forgotten),
  retained: new Map(retained),
  iterations: new Map(iterations),
});

export const newStanding = (experiment: Experiment | null): Standing => {
  const names = experiment?.tasks.map(({ name }) => name) ?? [];
  return {
    experiment,
    tasks: new Map(),
    forgotten: new Set(),
    models: new Map(),
    retained: new Map(),
    users: new Map(),
    rootLayers: new Set(),
    posembeds: [],
    schedule: Array.from({ length: experiment?.iterations ?? 0 }, () => names).flat(),
    activations: 0,
    iterations: new Map(),
    lately: null,
    tested: new Set(),
    open: null,
    ended: false,
    moments: [],
    merging: [],
  };
};

/** Whether `task` may build on what was trained on `owner`; never for tasks outside this run. */
export const mayRead = (
  tasks: ReadonlyMap<TaskName, TaskRecord>,
  task: TaskName | null,
  owner: TaskName,
): boolean => owner === task || opens(tasks.get(owner)?.access, task);

/** Whether a task with this access lets `task` build on it. */
export const opens = (access: Access | undefined, task: TaskName | null): boolean =>
  Array.isArray(access) ? access.includes(task) : access === "public";

/** The nearest ancestor of `model`, or itself, on whose task `task` may not build. */
export const barredAncestor = (
  { restricted }: Pick<WalkedModel, "restricted">,
  task: TaskName | null,
): WalkedModel | undefined => restricted.find((at) => at.task !== task && !opens(at.access, task));

/** `model` and its ancestors that are live, nearest first. method.md §d.5. */
export function liveLineage(model: WalkedModel): WalkedModel[] {
  const found: WalkedModel[] = [];
  for (let at: WalkedModel | null = model; at; at = nextLive(at)) if (at.live) found.push(at);
  return found;
}

/** The nearest live ancestor. Dead ones are skipped from then on, so that a long lineage is walked only once. */
function nextLive(model: WalkedModel): WalkedModel | null {
  let at = model.above;
  while (at && !at.live) at = at.above;
  model.above = at;
  return at;
}

/** Makes `model` the survivor of `task`; null leaves the task without one. */
export function settle(standing: Standing, task: TaskName, model: WalkedModel | null): void {
  const { retained, models, users } = standing;
  const before = models.get(retained.get(task) ?? -1);
  for (const { id } of before?.path ?? []) users.get(id)?.delete(task);
  retained.delete(task);
  if (!model) return;
  retained.set(task, model.id);
  for (const { id } of model.path ?? []) {
    const tasks = users.get(id) ?? new Set();
    users.set(id, tasks.add(task));
  }
}

/** How many tasks other than `task` use a layer; the root doesn't count. */
function otherUsers({ users }: Standing, id: LayerId, task: TaskName): number {
  const tasks = users.get(id);
  return tasks ? tasks.size - (tasks.has(task) ? 1 : 0) : 0;
}

/** Whether a layer is locked, so that only a copy of it may be trained: the root or another task's survivor uses it. §d.5. */
export const isLocked = (standing: Standing, id: LayerId, task: TaskName): boolean =>
  standing.rootLayers.has(id) || otherUsers(standing, id, task) > 0;

/** A layer for counting sizes: without an id if it will be trained, because then no other task can share it. */
export type Sized = Pick<Layer, "paramCount"> & { readonly id?: LayerId };

/** A model for counting: its layers, whose it is, and its shape. */
export interface Counted {
  readonly path: readonly Sized[];
  readonly task: TaskName;
  readonly shape: Shape;
}

/** The sum over the path of each layer's parameters by the number of tasks that use it. muNet eq. 3. */
function accountedOf({ path, task }: Counted, standing: Standing): number {
  let accounted = 0;
  for (const { id, paramCount } of path)
    accounted += paramCount / (1 + (id === undefined ? 0 : otherUsers(standing, id, task)));
  return accounted;
}

/** The operations of a prediction, and of the root's, which has the most blocks there are if it has none itself. */
function operationsOf({ shape }: Counted, { blocksRange }: Method, { models }: Standing): [number, number] {
  const root = models.get(0)!.shape;
  const whole = { ...root, blocks: root.blocks === 0 ? blocksRange[1] : root.blocks };
  return [forwardFlops(componentNames(shape), shape), forwardFlops(componentNames(whole), whole)];
}

/** s^(p/P) × c^(f/F), p being the parameters that the path accounts for and f its operations; 1 under a formula. §d.6, muNet eq. 2 and 3. */
export function sizeFactorOf(counted: Counted, method: Method, standing: Standing): number {
  const { scaleFactor, rootParams, computeFactor = 1, score } = method;
  if (score !== undefined) return 1;
  const bySize = scaleFactor === 1 ? 1 : scaleFactor ** (accountedOf(counted, standing) / rootParams);
  if (computeFactor === 1) return bySize;
  const [own, roots] = operationsOf(counted, method, standing);
  return bySize * computeFactor ** (own / roots);
}

/** What a formula takes beside the accuracy. */
export function metricsOf(counted: Counted, method: Method, standing: Standing): FixedMetrics {
  const [flops, rootFlops] = operationsOf(counted, method, standing);
  return {
    params: counted.path.reduce((sum, { paramCount }) => sum + paramCount, 0),
    accountedParams: accountedOf(counted, standing),
    rootParams: method.rootParams,
    flops,
    rootFlops,
  };
}

/** The score of a trained model under the present sharing. */
export function scoreOf(model: WalkedModel, method: Method, standing: Standing): number {
  const { accuracy, task, shape } = model;
  if (task === null) return accuracy;
  const counted = { path: model.path ?? [], task, shape };
  if (method.score !== undefined)
    return evaluateFormula(method.score, { ...metricsOf(counted, method, standing), accuracy });
  return accuracy * sizeFactorOf(counted, method, standing);
}

/** The score of a version of a plan. */
export const planScoreOf = ({ sizeFactor, formula }: Plan, accuracy: number): number =>
  formula ? evaluateFormula(formula.score, { ...formula.metrics, accuracy }) : accuracy * sizeFactor;

/** Equal but for the last digits of a power, which differ between versions of a JavaScript engine. */
export const near = (a: number, b: number): boolean =>
  a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

/** The subject of a broken rule. */
export type Subject = "order" | "training" | "search" | "selection";

/** Reports `broken` if `holds` is false, and returns `holds`. */
export type Rule = (holds: boolean, broken: () => string, subject?: Subject) => boolean;

export type Of<Type extends Event["type"]> = Extract<Event, { type: Type }>;
