// What a task's model says of images: the classes that it holds most likely.

import { valueNotValid } from "../core/errors/index.js";
import { experimentOfModel } from "../core/experiment.js";
import type { TaskName } from "../core/model.js";
import type { Images } from "../core/task.js";
import { loadFilesInWorker } from "../data/decode-client.js";
import { type ImageSource, nameOfImage } from "../data/own/load-files.js";
import { createTrainer, type EngineTrainer, type TrainerOptions } from "../engine/trainer.js";
import { readRun as readFolder } from "../run/folder.js";
import { readRun } from "../run/record.js";
import type { AgainOptions } from "../run/task-again.js";
import { imagePaths } from "./image-paths.js";
import { classNamesOf, modelOfTask, storedSize } from "./task-model.js";

/** A class of a prediction. */
export interface Guess {
  readonly label: string;
  /** The label's number, from 0. */
  readonly class: number;
  /** In [0, 1]; all classes together have 1. */
  readonly probability: number;
}

/** What a model says of one image. */
export interface Prediction {
  /** Its path, or "image 0" for bytes. */
  readonly image: string;
  /** The most likely classes, the likeliest first. */
  readonly top: readonly Guess[];
  /** Of every class, in the order of the labels. */
  readonly probabilities: Float32Array;
}

export interface PredictOptions
  extends AgainOptions,
    Partial<Pick<TrainerOptions, "engine" | "device" | "threads">> {
  /** Most classes listed for an image; default 5. */
  readonly top?: number;
  /** Receives the number of images done and of all. */
  readonly onImages?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Bytes of decoded images that are held at once. */
const HELD_BYTES = 2 ** 27;

/**
 * Predictions of the model that the run in `dir` retains for `task`: of files, folders and patterns, or of the bytes of
 * image files. Images are prepared as the task's own are; the numbers are those with which the model is scored. Throws
 * task/unknown, export/no-model, export/no-images, export/size-unknown, data/bad-image, data/bad-images, options/not-valid.
 */
export async function predict(
  dir: string,
  task: TaskName,
  images: ImageSource | readonly ImageSource[],
  options: PredictOptions = {},
): Promise<Prediction[]> {
  const { top = 5, onImages, signal } = options;
  if (!Number.isSafeInteger(top) || top < 1) throw valueNotValid("top", top, "a whole number, at least 1");
  const run = await readRun(dir);
  const model = modelOfTask(run, task);
  const sources = await sourcesOf(images);
  const size = await storedSize(run, task, options);
  const labels = classNamesOf(run.state, task, model.shape.classes);
  const { training, method } = experimentOfModel(run.experiment, run.state, model);
  const { engine, device, threads } = options;
  const trainer = createTrainer({
    store: (await readFolder(dir)).store,
    training,
    method,
    ...(engine && { engine }),
    ...(device !== undefined && { device }),
    ...(threads !== undefined && { threads }),
  });
  try {
    const all: Prediction[] = [];
    const atOnce = Math.max(1, Math.floor(HELD_BYTES / (size * size * 3)));
    for (let at = 0; at < sources.length; at += atOnce) {
      signal?.throwIfAborted();
      const some = sources.slice(at, at + atOnce);
      const decoded = await loadFilesInWorker({ kind: "files", images: some, first: at, size }, () => {});
      const rows = await probabilitiesOf(trainer, model, decoded, signal);
      rows.forEach((probabilities, i) => {
        const image = nameOfImage(some[i]!, at + i);
        all.push({ image, top: likeliest(probabilities, labels, top), probabilities });
      });
      onImages?.(all.length, sources.length);
    }
    return all;
  } finally {
    await trainer.close();
  }
}

/** Bytes as they are, in their places; words as the files that they name. */
async function sourcesOf(images: ImageSource | readonly ImageSource[]): Promise<ImageSource[]> {
  const given = typeof images === "string" || images instanceof Uint8Array ? [images] : images;
  if (given.length === 0) throw valueNotValid("The list of images", "nothing", "at least one");
  const found: ImageSource[] = [];
  for (const source of given)
    if (typeof source === "string") found.push(...(await imagePaths([source])));
    else found.push(source);
  return found;
}

/** The probabilities of every class for each of `images`. */
export async function probabilitiesOf(
  trainer: Pick<EngineTrainer, "predict">,
  model: Parameters<EngineTrainer["predict"]>[0],
  images: Images,
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const logits = await trainer.predict(model, images, signal);
  const { classes } = model.shape;
  return Array.from({ length: images.count }, (_, i) =>
    softmax(logits.subarray(i * classes, (i + 1) * classes)),
  );
}

/** Summed in float64, rounded once. */
function softmax(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/** Classes of equal probability in the order of their labels. */
const likeliest = (probabilities: Float32Array, labels: readonly string[], most: number): Guess[] =>
  Array.from(probabilities, (probability, at): Guess => ({ label: labels[at]!, class: at, probability }))
    .sort((a, b) => b.probability - a.probability || a.class - b.class)
    .slice(0, most);
