// Trains the children of a generation: all of them in one graph, on one stream of batches, cycle by cycle (method.md §d.1,
// §e). Runs in the training worker, but knows nothing of it.

import { childDiverged, memoryTooSmall } from "../core/errors.js";
import { type Preprocessing, preprocessingOf } from "../core/hyperparams.js";
import type { Plan } from "../core/model.js";
import type { Rng } from "../core/rng.js";
import type { Cycle } from "../core/seams.js";
import { keepingLabels, type Task } from "../core/task.js";
import { batchesPerCycle, learningRateAt, type Training, validationBatches } from "../core/training.js";
import {
  evaluationGraph,
  type GraphChild,
  names,
  type Place,
  thetaLayout,
  trainingGraph,
} from "../graph/generation.js";
import type { Graph } from "../graph/node.js";
import type { BatchSource } from "./batch-client.js";
import type { Stream } from "./batches.js";
import {
  frozenTensors,
  graphModel,
  initialVectors,
  type Layers,
  trainedLayers,
  type Vectors,
} from "./children.js";
import type { CompileOptions, Engine, Program, Tensors } from "./engine.js";
import { frozenBytes, groupBytes } from "./group-memory.js";
import { isKept } from "./keep.js";
import { validate, validationBatchSource } from "./validate.js";
import type { TrainingMethod } from "./wire.js";

export interface TrainContext {
  readonly engine: Engine;
  readonly batches: BatchSource;
  readonly training: Training;
  readonly method: TrainingMethod;
  readonly layers: Layers;
  /** Children who need more together are trained in turn; where it is given, one that needs more alone is refused. */
  readonly maxBytes?: number | undefined;
  /** Throws where the job was stopped. */
  readonly check: () => void;
}

/** Builds, compiles or runs a graph on the engine's clock. */
type Timed = <T>(work: () => Promise<T>) => Promise<T>;

/** A child in training. */
interface Child {
  readonly plan: Plan;
  readonly graph: GraphChild;
  readonly places: readonly Place[];
  best: { readonly score: number; readonly steps: number; readonly vectors: Vectors } | null;
  failure: Cycle["failure"] | null;
}

/** One list of cycles per validation; in the order of the plans, and where they did not fit into one graph one group of plans after the other. */
export async function* trainPlans(
  plans: readonly Plan[],
  task: Task,
  rng: Rng,
  context: TrainContext,
): AsyncGenerator<Cycle[]> {
  const children = plans.map((plan): Child => {
    const graph = {
      ...graphModel(plan, streamName(preprocessed(plan, task))),
      sgd: sgdOptions(plan, context),
    };
    return { plan, graph, places: thetaLayout(graph), best: null, failure: null };
  });
  const planned = [...groups(children, task, context)];
  const needed = Math.max(...planned.map(({ bytes }) => bytes)); // over the limit only where a child is alone
  if (context.maxBytes !== undefined && needed > context.maxBytes)
    throw memoryTooSmall(needed, context.maxBytes);
  for (const group of planned) yield* trainTogether(group, task, rng, context);
}

/** How a child's images are prepared: as its hyperparameters say, as far as that keeps the task's labels. */
const preprocessed = ({ hyperparams }: Plan, { keeps }: Task): Preprocessing =>
  keepingLabels(preprocessingOf(hyperparams), keeps);

/** Children with equal preprocessing see the same pixels. */
const streamName = (preprocessing: Preprocessing): string => JSON.stringify(preprocessing);
const evaluationStream = (child: Child): string => String(child.plan.shape.imageSize);

const sgdOptions = ({ hyperparams }: Plan, { training, method }: TrainContext): GraphChild["sgd"] => ({
  momentum: hyperparams.momentum,
  nesterov: hyperparams.nesterov,
  clipNorm: training.clipNorm,
  momentumPrecision: method.momentumPrecision,
});

const stepGraph = (children: readonly Child[], task: Task, { training }: TrainContext) =>
  trainingGraph(
    children.map(({ graph }) => graph),
    { batch: training.batchSize, classes: task.classes },
  );

/** Children that are trained in one graph, and how long building it took. */
interface Group {
  readonly children: readonly Child[];
  readonly graph: Graph;
  /** By its estimate. */
  readonly bytes: number;
  readonly buildMs: number;
}

const DEFAULT_MAX_BYTES = 1_400_000_000;
/** An ONNX model ends at 2 GiB, its constants included. */
const MOST_FROZEN = 2 ** 31 - 2 ** 27;

/** Consecutive children whose training stays under the limit; halves where it doesn't. */
function* groups(children: readonly Child[], task: Task, context: TrainContext): Generator<Group> {
  const began = performance.now();
  const graph = stepGraph(children, task, context);
  const graphs = children.map((child) => child.graph);
  const bytes = groupBytes(graphs, graph);
  const isFit = bytes <= (context.maxBytes ?? DEFAULT_MAX_BYTES) && frozenBytes(graphs) <= MOST_FROZEN;
  if (children.length <= 1 || isFit) {
    yield { children, graph, bytes, buildMs: performance.now() - began };
    return;
  }
  const half = Math.ceil(children.length / 2);
  yield* groups(children.slice(0, half), task, context);
  yield* groups(children.slice(half), task, context);
}

async function* trainTogether(
  { children, graph, buildMs }: Group,
  task: Task,
  rng: Rng,
  context: TrainContext,
): AsyncGenerator<Cycle[]> {
  const { engine, training, method, layers, check } = context;
  const perCycle = batchesPerCycle(training, task.splits.train.count);
  const total = training.cycles * perCycle;
  const validation = validationBatches(training, task.splits.validation.count);
  const constants = frozenTensors(
    children.map(({ graph }) => graph),
    layers,
    names.layer,
  );
  let began = performance.now() - buildMs;
  let engineMs = buildMs;
  const timed: Timed = async (work) => {
    const start = performance.now();
    const result = await work();
    engineMs += performance.now() - start;
    return result;
  };
  // Asked for before anything is compiled, so that they are there when the first step is.
  const train = context.batches(
    {
      images: task.splits.train,
      streams: trainStreams(children, task),
      batchSize: training.batchSize,
      key: rng.child("batches").key,
    },
    0,
    total,
  );
  const held = validationBatchSource(
    task.splits.validation,
    new Map(children.map((child) => [evaluationStream(child), child.plan.shape.imageSize])),
    validation,
    context.batches,
  );
  const programs: Program[] = [];
  const compile = async (build: () => Graph, given: CompileOptions): Promise<Program> => {
    const program = await timed(async () => engine.compile(build(), given));
    programs.push(program);
    return program;
  };
  try {
    check();
    const step = await compile(() => graph, { constants, state: initialState(children, rng, context) });
    const score = await compile(
      () =>
        evaluationGraph(
          children.map((child) => ({ ...child.graph, stream: evaluationStream(child) })),
          { batch: validation.size, classes: task.classes },
        ),
      { constants },
    );

    let done = 0;
    let sums = children.map(() => 0);
    for await (const { images, labels } of train) {
      check();
      const rates = Float32Array.from(children, ({ plan }) =>
        learningRateAt(done, total, perCycle, plan.hyperparams),
      );
      const feeds = { labels, rates, ...named(images) };
      const results = await timed(() => step.run(feeds));
      done += 1;
      addLosses(children, results, sums, done);
      if (done % perCycle !== 0) continue;

      const state = await step.state();
      const accuracies = await validate(
        async ({ images, labels }) => {
          check();
          const { correct } = await timed(() => score.run({ labels, ...state, ...named(images) }));
          return correct!;
        },
        children.length,
        validation,
        held,
      );
      failWithoutNumbers(children, state, done);
      const trainMs = (performance.now() - began) / children.length;
      yield children.map((child, i): Cycle => {
        const accuracy = child.failure ? 0 : accuracies[i]!;
        if (!child.failure) keepIfBetter(child, accuracy, done, state, method);
        const cycle = done / perCycle - 1;
        const item = {
          child: child.plan.child,
          cycle,
          accuracy,
          loss: sums[i]! / perCycle,
          steps: done,
          trainMs,
          engineMs: engineMs / children.length,
        };
        return done < total ? item : { ...item, ...ending(child, task, method) };
      });
      began = performance.now();
      engineMs = 0;
      sums = children.map(() => 0);
    }
  } finally {
    for (const child of children) child.best = null; // those of the next groups need the room
    await train.return?.();
    for (const program of programs) await program.dispose();
  }
}

/** Adds a step's losses to `sums`; a child whose loss is not finite has diverged. */
function addLosses(children: readonly Child[], results: Tensors, sums: number[], step: number): void {
  children.forEach((child, i) => {
    const loss = results[names.loss(child.graph.key)]![0]!;
    if (Number.isFinite(loss)) sums[i] = sums[i]! + loss;
    else child.failure ??= failureOf(childDiverged(step, loss));
  });
}

/** A loss is of before its step; with weights that are not numbers every image would be of class 0. */
function failWithoutNumbers(children: readonly Child[], state: Tensors, step: number): void {
  for (const child of children)
    if (!areNumbers(state[names.theta(child.graph.key)]!))
      child.failure ??= failureOf(childDiverged(step, Number.NaN));
}

/** A plain loop: after every cycle it walks over all that a generation trains, and a callback for each number took 4 % of a run. */
function areNumbers(weights: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]!;
  return Number.isFinite(sum);
}

function initialState(children: readonly Child[], rng: Rng, { layers, method }: TrainContext): Tensors {
  const state: Record<string, Float32Array> = {};
  for (const { plan, places, graph } of children) {
    const { theta, velocity } = initialVectors(plan, places, layers, rng, method);
    state[names.theta(graph.key)] = theta;
    state[names.velocity(graph.key)] = velocity;
  }
  return state;
}

const named = (images: Tensors): Tensors =>
  Object.fromEntries(Object.entries(images).map(([stream, pixels]) => [names.images(stream), pixels]));

function trainStreams(children: readonly Child[], task: Task): Stream[] {
  const streams = new Map(
    children.map(({ plan, graph }) => {
      const preprocessing = preprocessed(plan, task);
      return [graph.stream, { name: graph.stream, imageSize: plan.shape.imageSize, preprocessing }] as const;
    }),
  );
  return [...streams.values()];
}

function keepIfBetter(
  child: Child,
  accuracy: number,
  steps: number,
  state: Tensors,
  { keepTies }: TrainingMethod,
): void {
  if (!isKept(child.plan, accuracy, child.best?.score ?? null, keepTies)) return;
  const into = child.best?.vectors;
  const copy = (of: Float32Array, old: Float32Array | undefined): Float32Array => {
    if (!old) return of.slice();
    old.set(of);
    return old;
  };
  child.best = {
    score: accuracy * child.plan.sizeFactor,
    steps,
    vectors: {
      theta: copy(state[names.theta(child.graph.key)]!, into?.theta),
      velocity: copy(state[names.velocity(child.graph.key)]!, into?.velocity),
    },
  };
}

/** What a child's last cycle says as well: the layers of its best version, or why there is none. A child that broke after a version was kept ends with that version. */
function ending(
  { plan, places, best, failure }: Child,
  task: Task,
  { keepMomentum }: TrainingMethod,
): Pick<Cycle, "kept" | "failure"> {
  if (best) return { kept: trainedLayers(plan, places, best.vectors, task.name, best.steps, keepMomentum) };
  return failure ? { kept: null, failure } : { kept: null };
}

const failureOf = ({ code, message }: { code: string; message: string }) => ({ code, message });
