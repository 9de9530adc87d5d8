// Makes a run of a sweep into its point (analysis/point), from the run's state and events.

import { pointNotEnded, pointWithoutModel } from "../core/errors/index.js";
import { type Event, effectiveEvents } from "../core/event.js";
import type { Experiment, RootSpec } from "../core/experiment.js";
import { trainingFlops } from "../core/flops.js";
import type { HyperparamName } from "../core/hyperparams.js";
import type { Method } from "../core/methods.js";
import type { Model, TaskName } from "../core/model.js";
import { accountedParams } from "../core/score.js";
import type { State } from "../core/state.js";
import { validationBatches } from "../core/training.js";
import type { Variant } from "../core/variant.js";
import { effortsOf } from "./effort.js";
import { learningCurves } from "./learning.js";
import type { Cost, PointLayer, PointTask, SweepPoint } from "./point.js";
import { layerUse, sameTaskLineage, survivorsOf, usersBeside } from "./survivors.js";
import { ancestorCells, modelTransfer } from "./transfer.js";

/** What the run itself doesn't know. */
export interface PointFacts {
  readonly variant: Variant;
  readonly repetition: number;
  readonly root: string;
  readonly digest: string;
  readonly wallSeconds: number;
  /** Seconds of training and validating children; RunRecord.trainMs / 1000. */
  readonly trainSeconds: number;
  /** Threads of the engine, on average; NaN where not known. */
  readonly threads: number;
  /** The run's events, whose plans show what was trained. */
  readonly events: readonly Event[];
}

/** The point of an ended run. Throws sweep/not-ended, sweep/no-model. */
export function sweepPoint(state: State, experiment: Experiment, facts: PointFacts): SweepPoint {
  const what = `The run of ${experiment.name} with seed ${state.seed}`;
  if (!state.ended) throw pointNotEnded(what);
  const missing = state.tasks.find(
    ({ name }) => state.retained[name] === undefined && !state.forgotten.includes(name),
  );
  if (missing) throw pointWithoutModel(what, missing.name);
  return pointOf(state, experiment, facts);
}

/** A single run, ended or not, as the only point of a sweep, without tasks that have no model; untested ones have NaN. */
export const pointOfRun = (
  state: State,
  experiment: Experiment,
  events: readonly Event[],
  threads = Number.NaN,
): SweepPoint =>
  pointOf(state, experiment, {
    variant: variantOfMethod(experiment.method),
    repetition: 0,
    root: rootWords(experiment.root),
    digest: "",
    wallSeconds: 0,
    trainSeconds: events.reduce((sum, event) => sum + (event.clock?.trainMs ?? 0), 0) / 1000,
    threads,
    events,
  });

function pointOf(state: State, experiment: Experiment, facts: PointFacts): SweepPoint {
  const { variant, repetition, root, digest } = facts;
  return {
    variant,
    experiment: experiment.name,
    repetition,
    seed: state.seed,
    budget: experiment.budget,
    root,
    checkpoint: experiment.root.kind === "checkpoint" ? fileName(experiment.root.file) : null,
    tasks: pointTasks(state, experiment, facts.events),
    sampled: sampledValues(state),
    cost: costOf(state, experiment, facts),
    digest,
  };
}

/** The variant that matches a method's switches. */
export function variantOfMethod(method: Method): Variant {
  if (method.name !== "munet") return { method: "custom", name: method.name };
  if (method.parents !== "root") {
    const { scaleFactor, insertAdapters: adapters, tuneHyperparams: tuning } = method;
    return { method: "munet", scaleFactor, adapters, tuning };
  }
  if (method.defaults.mutationProbability === 1) return { method: "full" };
  if (method.insertAdapters) return { method: "adapters", dim: method.defaults.adapterDim };
  const trained = method.forceClone.flatMap((name) => /^encoderblock_(\d+)$/.exec(name)?.[1] ?? []);
  return trained.length === 0
    ? { method: "multi-head" }
    : { method: "top", frozen: Math.min(...trained.map(Number)) };
}

/** A root in a few words. */
export const rootWords = (root: RootSpec): string =>
  root.kind === "random" ? `random ${root.backbone.name}, ${root.blocks} blocks` : root.origin;

const fileName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

function pointTasks(state: State, experiment: Experiment, events: readonly Event[]): PointTask[] {
  const efforts = effortsOf(state, experiment.training.batchSize, events);
  const use = layerUse(state);
  const records = new Map(state.tasks.map((record) => [record.name, record]));
  const curves = byTask(learningCurves(state));
  const ancestors = byTask(ancestorCells(state).filter((cell) => cell.ancestors > 0));
  const children = byTask(state.models);
  return survivorsOf(state).map((model) => {
    const task = model.task!;
    const record = records.get(task)!;
    const candidates = children.get(task)!;
    const { batches, size } = validationBatches(experiment.training, record.validation);
    return {
      task,
      access: record.access,
      images: { train: record.train, validation: batches * size, test: record.test },
      classes: record.classes,
      children: candidates.length,
      validations: candidates.reduce((sum, { evaluations }) => sum + evaluations.length, 0),
      validationAccuracy: model.accuracy!,
      testAccuracy: model.testAccuracy ?? Number.NaN,
      accountedParams: accountedParams(model.path, usersBeside(use, task)),
      hyperparams: model.hyperparams,
      adapters: model.shape.adapters,
      layers: pointLayers(state, model),
      curve: (curves.get(task) ?? []).map(({ accuracy }) => accuracy),
      lineage: sameTaskLineage(state, model).map(({ id, hyperparams }) => ({ model: id, hyperparams })),
      ancestors: Object.fromEntries((ancestors.get(task) ?? []).map((cell) => [cell.source, cell.ancestors])),
      transfer: modelTransfer(model),
      effort: efforts.get(task) ?? [],
    };
  });
}

/** `rows` by their task. */
function byTask<Row extends { readonly task: TaskName | null }>(
  rows: Iterable<Row>,
): Map<TaskName | null, Row[]> {
  const groups = new Map<TaskName | null, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.task);
    if (group) group.push(row);
    else groups.set(row.task, [row]);
  }
  return groups;
}

function pointLayers(state: State, model: Model): PointLayer[] {
  const ofRoot = new Set(state.models.get(0)!.path.map(({ id }) => id));
  return model.path.map(({ name, id, paramCount, history }) => ({
    name,
    id: id.slice(0, 12),
    paramCount,
    trainedBy: ofRoot.has(id) ? null : (history.at(-1)?.task ?? null),
  }));
}

function sampledValues(state: State): SweepPoint["sampled"] {
  const sampled: Record<string, Record<string, number>> = {};
  const count = (name: string, value: unknown): void => {
    const counts = sampled[name] ?? {};
    counts[String(value)] = (counts[String(value)] ?? 0) + 1;
    sampled[name] = counts;
  };
  for (const { task, hyperparams, shape } of state.models) {
    if (task === null) continue;
    for (const name of Object.keys(hyperparams) as HyperparamName[]) count(name, hyperparams[name]);
    count("adapters", shape.adapters.length);
  }
  return sampled;
}

function costOf(state: State, experiment: Experiment, facts: PointFacts): Cost {
  const { batchSize } = experiment.training;
  const trained = state.models.filter(({ task, steps }) => task !== null && steps > 0);
  const flops = effectiveEvents(facts.events).reduce(
    (sum, event) =>
      event.type === "child-planned"
        ? sum + trainingFlops(event.plan) * state.models.get(event.plan.child)!.steps * batchSize
        : sum,
    0,
  );
  return {
    children: trained.length,
    examples: trained.reduce((sum, { steps }) => sum + steps, 0) * batchSize,
    flops,
    coreSeconds: facts.trainSeconds * facts.threads,
    wallSeconds: facts.wallSeconds,
  };
}
