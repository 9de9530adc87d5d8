// Pretraining: makes a root from random weights on one task, for users who can't download one. The ordinary trainer trains
// it as an ordinary child whose layers are all new; the result is a file for `--root`. Nothing of an unfinished pretraining
// is kept.

import { join } from "node:path";
import { defaultRootPlaces } from "../checkpoints/find.js";
import { encodeRoot, ROOT_KIND } from "../checkpoints/root-file.js";
import { pretrainingFailed, taskNotSound, valueNotValid } from "../core/errors/index.js";
import { pretrainedOrigin, type RootSpec, type TrainedOn } from "../core/experiment.js";
import { decodeLayer } from "../core/layer-codec.js";
import type { Layer } from "../core/model.js";
import { rngFromSeed } from "../core/rng.js";
import type { Cycle, TrainedLayer, Trainer } from "../core/seams.js";
import { type Task, taskProblem } from "../core/task.js";
import type { Training } from "../core/training.js";
import { printsOf } from "../data/prints.js";
import { parseTask } from "../data/task-list.js";
import { loadTask, type TaskProgress } from "../data/tasks.js";
import { checkWritable } from "../disk/atomic.js";
import { checkReplaceable, replaceFile } from "../disk/replace.js";
import { createTrainer, type TrainerOptions } from "../engine/trainer.js";
import { versions } from "../run/versions.js";
import { layerIdOf } from "../store/layer-id.js";
import { memoryStore } from "../store/memory.js";
import { PRETRAIN_DEFAULTS, type PretrainOptions, pretrainingOf } from "./options.js";
import { type Pretraining, pretrainHyperparams, pretrainPlan, pretrainTraining, stepCount } from "./plan.js";

export type { PretrainOptions, PretrainProgress } from "./options.js";

export interface Pretrained {
  readonly path: string;
  readonly root: Extract<RootSpec, { kind: "checkpoint" }>;
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** Share of the task's train set for validation. */
const VALIDATION = 0.05;

/** Pretrains a root and writes its file. Throws options/not-valid, task/…, root/pretraining-failed, store/…, and what aborted the signal. */
export async function pretrain(options: PretrainOptions = {}): Promise<Pretrained> {
  const asked = pretrainingOf(options);
  const { seed } = asked;
  const { task: name = PRETRAIN_DEFAULTS.task, offline, onData, onNote, signal } = options;
  const heard = (progress: TaskProgress): void => {
    if (progress.doing === "drawing") signal?.throwIfAborted(); // drawing takes seconds here; other work ends soon
    onData?.(progress);
  };
  signal?.throwIfAborted();
  await checkWritable(options.out ?? join(cacheOf(options), "root"));
  if (options.out !== undefined) await checkReplaceable(options.out, ROOT_KIND);
  const task =
    typeof name === "string"
      ? await loadTask(parseTask(name), { seed, validation: VALIDATION, offline, onProgress: heard, onNote })
      : name;
  const problem = taskProblem(task);
  if (problem) throw taskNotSound(String(task.name), problem.path, problem.found, problem.expected);
  if (task.access === "private")
    throw valueNotValid("A root's task", task.name, "public, because every task builds on the root");
  const given = { ...asked, shape: { ...asked.shape, classes: task.classes } };
  signal?.throwIfAborted();
  const of =
    options.minutes === undefined ? given : { ...given, steps: await affordable(given, task, options) };
  const trained = await train(of, task, options);
  return write(of, task, trained, options);
}

const cacheOf = ({ places = defaultRootPlaces() }: PretrainOptions): string => places.cache;

const METHOD = {
  keepTies: true,
  keepMomentum: false,
  momentumPrecision: "bfloat16",
  initSeed: "per-child",
} as const;

const trainerFor = (
  { engine, device, threads, maxBytes }: PretrainOptions,
  store: TrainerOptions["store"],
  training: Training,
): Trainer =>
  createTrainer({
    store,
    training,
    method: METHOD,
    ...(engine && { engine }),
    ...(device && { device }),
    ...(threads && { threads }),
    ...(maxBytes && { maxBytes }),
  });

const TRIAL_STEPS = 6;

/** The steps that fit into the minutes, by a trial whose first cycle does not count because it compiles. */
async function affordable(of: Pretraining, task: Task, options: PretrainOptions): Promise<number> {
  const examplesPerCycle = TRIAL_STEPS * of.batchSize;
  const training: Training = {
    ...pretrainTraining(of, task.splits.train.count),
    cycles: 2,
    examplesPerCycle,
    validationExamples: 1,
  };
  const trainer = trainerFor(options, memoryStore(), training);
  try {
    let milliseconds = 0;
    const rng = rngFromSeed(of.seed);
    for await (const { trainMs } of trainer.trainGeneration(
      [pretrainPlan(of, task.name)],
      task,
      rng,
      options.signal,
    ))
      milliseconds = trainMs;
    const steps = stepCount(training, task.splits.train.count) / training.cycles;
    return Math.max(1, Math.round((60_000 * options.minutes! * steps) / milliseconds));
  } finally {
    await trainer.close();
  }
}

interface Trained {
  readonly layers: readonly TrainedLayer[];
  readonly steps: number;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
}

/** Trains all of it, and scores the result on the test images. */
async function train(of: Pretraining, task: Task, options: PretrainOptions): Promise<Trained> {
  const training = pretrainTraining(of, task.splits.train.count);
  const store = memoryStore();
  const trainer = trainerFor(options, store, training);
  try {
    const plan = pretrainPlan(of, task.name);
    const rng = rngFromSeed(of.seed).child("pretrain");
    const steps = stepCount(training, task.splits.train.count);
    options.onProgress?.({ steps, done: 0, accuracy: null, secondsLeft: null });
    let validationAccuracy = 0;
    let last: Cycle | undefined;
    for await (const cycle of trainer.trainGeneration([plan], task, rng, options.signal)) {
      const secondsLeft = ((training.cycles - cycle.cycle - 1) * cycle.trainMs) / 1000;
      const { steps: done, accuracy } = cycle;
      validationAccuracy = Math.max(validationAccuracy, accuracy);
      options.onProgress?.({ steps, done, accuracy, secondsLeft });
      last = cycle;
    }
    const layers = last?.kept;
    if (!layers) throw pretrainingFailed(task.name, last?.failure?.message ?? "no version was kept.");
    if (last!.accuracy < validationAccuracy / 2)
      throw pretrainingFailed(
        task.name,
        `it diverged: its accuracy fell from ${validationAccuracy} to ${last!.accuracy}.`,
      );
    const path: Layer[] = [];
    for (const { name, bytes, paramCount, history } of layers)
      path.push({ name, id: await store.put(bytes), paramCount, history });
    const model = { shape: of.shape, path, hyperparams: plan.hyperparams };
    const { accuracy: testAccuracy } = await trainer.evaluate(model, task, "test");
    return { layers, steps, validationAccuracy, testAccuracy };
  } finally {
    await trainer.close();
  }
}

async function write(
  of: Pretraining,
  task: Task,
  trained: Trained,
  options: PretrainOptions,
): Promise<Pretrained> {
  const { backbone, blocks, imageSize } = of.shape;
  const { steps, validationAccuracy, testAccuracy } = trained;
  const { learningRate, schedule, warmupRatio, momentum, areaMin } = pretrainHyperparams(of);
  const origin = pretrainedOrigin(task.name, steps);
  const trainedOn: TrainedOn = { task: task.name, images: await printsOf(task.splits) };
  const provenance = {
    ...(options.recipe !== undefined && { recipe: options.recipe }),
    task: task.name,
    source: task.source,
    fingerprint: task.fingerprint,
    classes: task.classes,
    train: task.splits.train.count,
    seed: of.seed,
    imageSize,
    steps,
    batchSize: of.batchSize,
    hyperparams: { learningRate, schedule, warmupRatio, momentum, areaMin },
    validationAccuracy,
    testAccuracy,
    versions: versions(),
  };
  const components = new Map(
    trained.layers
      .filter(({ name }) => name !== "head")
      .map(({ name, bytes }) => [name, decodeLayer(bytes).tensors]),
  );
  const bytes = encodeRoot({ backbone, blocks, origin, trainedOn, provenance, components });
  const sha256: string = layerIdOf(bytes);
  const name = `${options.recipe ?? `${backbone.name}-${blocks}-${task.name}`}-${sha256.slice(0, 8)}.safetensors`;
  const fileName = name.replaceAll(/[^\p{L}\p{N}._-]/gu, "_");
  const path = options.out ?? join(cacheOf(options), fileName);
  await replaceFile(path, bytes, ROOT_KIND);
  return {
    path,
    root: { kind: "checkpoint", backbone, blocks, file: options.out ?? fileName, sha256, origin, trainedOn },
    provenance,
  };
}
