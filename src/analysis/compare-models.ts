// Compares two models, of one run or of two, in path, hyperparameters, scores and transfer; and two runs, in their
// experiments and, task by task, their models. Layers are named by their bytes, so that "the same" is exact between runs
// too.

import type { ComponentName } from "../core/components.js";
import { type Experiment, substanceOf } from "../core/experiment.js";
import type { HyperparamName, HyperparamValue } from "../core/hyperparams.js";
import type { Layer, Model, ModelId, TaskName } from "../core/model.js";
import { accountedParams } from "../core/score.js";
import { type State, standingTasks } from "../core/state.js";
import { byPlace } from "../format/components.js";
import { layerUse, paramsOf, usersBeside } from "./survivors.js";
import { modelTransfer } from "./transfer.js";

/** Two values of the same thing. */
export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

/** A model within its run. */
export interface SideOf {
  readonly state: State;
  readonly model: Model;
}

/** "same": the same bytes; "other": both have the component, with different bytes. */
export type LayerRelation = "same" | "other" | "only-a" | "only-b";

export interface LayerDifference extends Pair<Layer | null> {
  readonly name: ComponentName;
  readonly relation: LayerRelation;
}

export interface ValueDifference extends Pair<HyperparamValue> {
  readonly name: HyperparamName;
  readonly differs: boolean;
}

/** A model in numbers, null where there is none. Accuracies in [0, 1], parameters are counts. */
export interface ModelFacts {
  readonly model: ModelId;
  readonly task: TaskName | null;
  readonly status: Model["status"];
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly blocks: number;
  readonly params: number | null;
  /** Under the present sharing in its run. */
  readonly accountedParams: number | null;
  /** Gradient steps of its training. */
  readonly steps: number;
  readonly ancestors: number;
}

export interface ModelComparison {
  readonly facts: Pair<ModelFacts>;
  /** Image to head; every component that either has. */
  readonly layers: readonly LayerDifference[];
  /** Layers with the same bytes, and their parameters. */
  readonly shared: { readonly layers: number; readonly params: number };
  readonly hyperparams: readonly ValueDifference[];
  /** Share of gradient steps by task, for every task on which either was trained; larger differences first. */
  readonly transfer: readonly (Pair<number> & { readonly task: TaskName })[];
  /** For two models of one run: their nearest common ancestor, which may be one of them; null for two runs. */
  readonly ancestor: ModelId | null;
}

/** The differences between two models; `a` and `b` may be of different runs. */
export function compareModels(a: SideOf, b: SideOf): ModelComparison {
  const layers = layerDifferences(a.model.path, b.model.path);
  const same = layers.filter(({ relation }) => relation === "same");
  const [ofA, ofB] = [modelTransfer(a.model), modelTransfer(b.model)];
  const tasks = [...new Set([...Object.keys(ofA), ...Object.keys(ofB)])];
  return {
    facts: { a: factsOf(a), b: factsOf(b) },
    layers,
    shared: { layers: same.length, params: paramsOf(same.map((row) => row.a!)) },
    hyperparams: (Object.keys(a.model.hyperparams) as HyperparamName[]).map((name) => {
      const [own, other] = [a.model.hyperparams[name], b.model.hyperparams[name]];
      return { name, a: own, b: other, differs: own !== other };
    }),
    transfer: tasks
      .map((task) => ({ task, a: ofA[task] ?? 0, b: ofB[task] ?? 0 }))
      .sort((x, y) => Math.abs(y.a - y.b) - Math.abs(x.a - x.b)),
    ancestor: a.state === b.state ? commonAncestor(a.state, a.model, b.model) : null,
  };
}

function factsOf({ state, model }: SideOf): ModelFacts {
  const others = usersBeside(layerUse(state), model.task ?? "");
  const hasPath = model.path.length > 0;
  return {
    model: model.id,
    task: model.task,
    status: model.status,
    validationAccuracy: model.accuracy,
    testAccuracy: model.testAccuracy,
    blocks: model.shape.blocks,
    params: hasPath ? paramsOf(model.path) : null,
    accountedParams: hasPath ? accountedParams(model.path, others) : null,
    steps: model.steps,
    ancestors: Math.max(0, lineIds(state, model).length - 2), // without itself and the root
  };
}

/** Layers by component, image to head. */
export function layerDifferences(a: readonly Layer[], b: readonly Layer[]): LayerDifference[] {
  const [ofA, ofB] = [a, b].map((path) => new Map(path.map((layer) => [layer.name, layer]))) as [
    Map<ComponentName, Layer>,
    Map<ComponentName, Layer>,
  ];
  return [...new Set([...ofA.keys(), ...ofB.keys()])].sort(byPlace).map((name) => {
    const [own = null, other = null] = [ofA.get(name), ofB.get(name)];
    const relation = !own ? "only-b" : !other ? "only-a" : own.id === other.id ? "same" : "other";
    return { name, a: own, b: other, relation };
  });
}

/** `model` and its ancestors, the root last. */
function lineIds(state: State, model: Model): ModelId[] {
  const line: ModelId[] = [];
  for (let at: Model | undefined = model; at; at = state.models.get(at.parent ?? -1)) line.push(at.id);
  return line;
}

function commonAncestor(state: State, a: Model, b: Model): ModelId | null {
  const line = new Set(lineIds(state, a));
  return lineIds(state, b).find((id) => line.has(id)) ?? null;
}

/** The part of a run that a comparison needs; without its experiment, as in a browser, settings are not compared. */
export interface WholeRun {
  readonly state: State;
  readonly experiment?: Experiment | undefined;
}

export interface TaskDifference {
  readonly task: TaskName;
  /** The task's models; null if a run has none. */
  readonly models: Pair<ModelId | null>;
  readonly validationAccuracy: Pair<number | null>;
  readonly testAccuracy: Pair<number | null>;
  readonly accountedParams: Pair<number | null>;
  /** Layers with the same bytes in both models; null if a model is missing. */
  readonly sharedLayers: number | null;
}

export interface SettingDifference extends Pair<unknown> {
  /** Path of the field, such as method.scaleFactor. */
  readonly name: string;
}

export interface RunComparison {
  /** In the order of the first run's tasks, then those only in the second. */
  readonly tasks: readonly TaskDifference[];
  /** Fields of the experiments that differ; null if a run came without its experiment. */
  readonly settings: readonly SettingDifference[] | null;
}

/** The differences between two runs. */
export function compareRuns(a: WholeRun, b: WholeRun): RunComparison {
  const names = [...new Set([a, b].flatMap(({ state }) => standingTasks(state).map(({ name }) => name)))];
  return {
    tasks: names.map((task) => taskDifference(task, a.state, b.state)),
    settings: a.experiment && b.experiment ? settingDifferences(a.experiment, b.experiment) : null,
  };
}

function taskDifference(task: TaskName, a: State, b: State): TaskDifference {
  const [own, other] = [a, b].map((state) => survivor(state, task));
  const pair = <T>(value: (side: SideOf) => T): Pair<T | null> => ({
    a: own ? value({ state: a, model: own }) : null,
    b: other ? value({ state: b, model: other }) : null,
  });
  return {
    task,
    models: pair(({ model }) => model.id),
    validationAccuracy: pair(({ model }) => model.accuracy),
    testAccuracy: pair(({ model }) => model.testAccuracy),
    accountedParams: pair((side) => factsOf(side).accountedParams),
    sharedLayers:
      own && other
        ? layerDifferences(own.path, other.path).filter(({ relation }) => relation === "same").length
        : null,
  };
}

const survivor = (state: State, task: TaskName): Model | undefined =>
  state.models.get(state.retained[task] ?? -1);

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Fields in which two experiments differ, with the paths of nested ones. */
export const settingDifferences = (a: Experiment, b: Experiment): SettingDifference[] =>
  fieldDifferences(substanceOf(a), substanceOf(b), "");

function fieldDifferences(a: Fields, b: Fields, path: string): SettingDifference[] {
  return Object.keys({ ...a, ...b }).flatMap((key) => {
    const [own, other] = [a[key], b[key]];
    if (isFields(own) && isFields(other)) return fieldDifferences(own, other, `${path}${key}.`);
    // Only arrays and plain values are left, whose JSON is unique.
    return JSON.stringify(own) === JSON.stringify(other) ? [] : [{ name: `${path}${key}`, a: own, b: other }];
  });
}
