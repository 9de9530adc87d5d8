// Trains the children of a generation: all of them in one graph, on one stream of batches, cycle by cycle (method.md §d.1,
// §e). Runs in the training worker, but knows nothing about it.

import { memoryTooSmall } from "../core/errors/index.js";
import { type Preprocessing, preprocessingOf } from "../core/hyperparams.js";
import type { Plan } from "../core/model.js";
import type { Rng } from "../core/rng.js";
import type { Cycle } from "../core/seams.js";
import { keepingLabels, type Task } from "../core/task.js";
import { batchesPerCycle, learningRateAt, type Training, validationBatches } from "../core/training.js";
import { evaluationGraph, type GraphChild, names, thetaLayout } from "../graph/generation.js";
import type { Graph } from "../graph/node.js";
import type { BatchSource } from "./batch-client.js";
import type { Stream } from "./batches.js";
import { addLosses, type Child, ending, failWithoutNumbers, keepIfBetter } from "./child.js";
import { frozenTensors, graphModel, initialVectors, type Layers } from "./children.js";
import type { CompileOptions, Engine, Program, Tensors } from "./engine.js";
import { type Group, groups } from "./groups.js";
import { validate, validationBatchSource } from "./validate.js";
import type { TrainingMethod } from "./wire.js";

export interface TrainContext {
  readonly engine: Engine;
  readonly batches: BatchSource;
  readonly training: Training;
  readonly method: TrainingMethod;
  readonly layers: Layers;
  /** Children that need more together are trained in groups; if given, a single child that needs more is refused. */
  readonly maxBytes?: number | undefined;
  /** Throws if the job was stopped. */
  readonly check: () => void;
}

/** One list of cycles per validation, in the order of the plans; if they don't fit into one graph, one group of plans after another. */
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
  const needed = Math.max(...planned.map(({ bytes }) => bytes)); // only a single child can exceed the limit
  if (context.maxBytes !== undefined && needed > context.maxBytes)
    throw memoryTooSmall(needed, context.maxBytes);
  for (const group of planned) yield* trainTogether(group, task, rng, context);
}

/** The preparation of a child's images: that of its hyperparameters, limited to what keeps the task's labels. */
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
  const clock = stopwatch(buildMs);
  const { timed } = clock;
  // Requested before anything is compiled, so that they are ready when the first step is.
  const { train, held } = batchesOf(children, task, rng, context);
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
      const { allMs, engineMs } = clock.read();
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
          trainMs: allMs / children.length,
          engineMs: engineMs / children.length,
        };
        return done < total ? item : { ...item, ...ending(child, task, method) };
      });
      sums = children.map(() => 0);
      clock.restart();
    }
  } finally {
    for (const child of children) child.best = null; // the next groups need the memory
    await train.return?.();
    for (const program of programs) await program.dispose();
  }
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

/** The training batches of all cycles, and the validation batches of each. */
function batchesOf(children: readonly Child[], task: Task, rng: Rng, { training, batches }: TrainContext) {
  const { train, validation } = task.splits;
  const job = {
    images: train,
    streams: trainStreams(children, task),
    batchSize: training.batchSize,
    key: rng.child("batches").key,
  };
  return {
    train: batches(job, 0, training.cycles * batchesPerCycle(training, train.count)),
    held: validationBatchSource(
      validation,
      new Map(children.map((child) => [evaluationStream(child), child.plan.shape.imageSize])),
      validationBatches(training, validation.count),
      batches,
    ),
  };
}

/** Measures a cycle and, within it, the work on the engine; of the first cycle `earlierMs` have already passed, all on the engine. */
function stopwatch(earlierMs: number) {
  let began = performance.now() - earlierMs;
  let engineMs = earlierMs;
  return {
    timed: async <T>(work: () => Promise<T>): Promise<T> => {
      const start = performance.now();
      const result = await work();
      engineMs += performance.now() - start;
      return result;
    },
    read: () => ({ allMs: performance.now() - began, engineMs }),
    restart(): void {
      began = performance.now();
      engineMs = 0;
    },
  };
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
