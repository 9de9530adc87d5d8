// A task's model as an ONNX file, compared with mulab's own predictions before it is written.

import { exportDisagrees } from "../core/errors/index.js";
import { experimentOfModel } from "../core/experiment.js";
import type { Model, TaskName } from "../core/model.js";
import type { Images, Task } from "../core/task.js";
import { sharedImages } from "../data/rows.js";
import { type FileKind, replaceFile } from "../disk/replace.js";
import { type FileInput, type ModelFile, openModelFile } from "../engine/onnx-file.js";
import { encodeModel, isOwnModel, type ModelFacts } from "../engine/onnx-proto.js";
import { createTrainer } from "../engine/trainer.js";
import { readRun as readFolder } from "../run/folder.js";
import { type RunRecord, readRun } from "../run/record.js";
import { type AgainOptions, taskAgain } from "../run/task-again.js";
import { mulabVersion } from "../run/versions.js";
import { OUTPUTS, onnxGraph } from "./onnx-model.js";
import { probabilitiesOf } from "./predict.js";
import {
  classNamesOf,
  layersOfPath,
  modelOfTask,
  privateAmong,
  rootOf,
  squareOf,
  storedSize,
  trainedOn,
} from "./task-model.js";

export interface OnnxOptions extends AgainOptions {
  /** Whether to compare the file with mulab's predictions, which needs the task's images; true by default. */
  readonly check?: boolean;
}

/** What the comparison found. */
export interface Agreement {
  /** Images of the test split on which both were run. */
  readonly images: number;
  /** Largest difference of a probability. */
  readonly largest: number;
}

/** A written file. */
export interface ExportedModel {
  readonly file: string;
  readonly task: TaskName;
  readonly model: number;
  readonly bytes: number;
  /** Null where it was not asked for. */
  readonly agreement: Agreement | null;
  /** Private tasks on whose images some of the file's layers were trained. */
  readonly private: readonly TaskName[];
}

/** Images of the test split that are compared. */
const COMPARED = 100;
/** Largest difference of a probability. */
const MOST_APART = 1e-5;

/**
 * Writes the model that the run in `dir` retains for `task` as an ONNX file: bytes of RGB images [N, height, width, 3] of
 * any size in, probabilities and logits [N, classes] out, preprocessing inside, labels in its metadata. Before that, both
 * ONNX Runtime on the file and mulab predict up to 100 images of the test split. Throws task/unknown, export/no-model,
 * export/disagrees, run/images-gone, run/data-changed, task/data-missing, store/….
 */
export async function exportOnnx(
  dir: string,
  task: TaskName,
  file: string,
  options: OnnxOptions = {},
): Promise<ExportedModel> {
  const { check = true } = options;
  const run = await readRun(dir);
  const model = modelOfTask(run, task);
  const loaded = check ? await taskAgain(run, task, options, `mulab export --task ${task}`) : null;
  const size = loaded ? squareOf(loaded.splits.test) : await storedSize(run, task, options);
  const layers = await layersOfPath(dir, model.path);
  const secret = privateAmong(run.state, trainedOn(model.path));
  const bytes = encodeModel(onnxGraph(model, layers, size), factsOf(run, task, model, size, secret));
  const agreement = loaded ? await compared(run, model, loaded, bytes, file) : null;
  await replaceFile(file, bytes, MODEL_FILE);
  return { file, task, model: model.id, bytes: bytes.length, agreement, private: secret };
}

const MODEL_FILE: FileKind = { name: "an ONNX model of mulab", recognise: isOwnModel };

/** What the file says of itself. */
function factsOf(
  { experiment, state, digest }: RunRecord,
  task: TaskName,
  model: Model,
  size: number,
  secret: readonly TaskName[],
): ModelFacts {
  const { imageSize, classes } = model.shape;
  const warning =
    secret.length > 0 ? ` Some of its layers were trained on private images: ${secret.join(", ")}.` : "";
  return {
    producerVersion: mulabVersion,
    name: task,
    description: `The model of task ${task} in a run of ${experiment.title}. Input "images": bytes [N, height, width, 3], RGB (grey images with three equal channels), of any size: stretched to ${size} × ${size}, scaled to [-1, 1] and resized to ${imageSize} × ${imageSize} inside. Outputs "probabilities" and "logits": [N, ${classes}], in the order of "labels" in the metadata.${warning}`,
    metadata: {
      labels: JSON.stringify(classNamesOf(state, task, classes)),
      task,
      model: String(model.id),
      experiment: experiment.name,
      run_digest: digest,
      image_size: String(imageSize),
      stored_size: String(size),
      ...(model.testAccuracy !== null && { test_accuracy: String(model.testAccuracy) }),
      trained_on: JSON.stringify(trainedOn(model.path)),
      root: rootOf(experiment.root),
      private_tasks: JSON.stringify(secret),
      layers: JSON.stringify(model.path.map(({ name, id, history }) => ({ name, id, history }))),
    },
  };
}

/** Compares the file `bytes` with mulab on test images of `task`. Throws export/disagrees. */
async function compared(
  { dir, experiment, state }: RunRecord,
  model: Model,
  task: Task,
  bytes: Uint8Array,
  file: string,
): Promise<Agreement> {
  const images = colored(task.splits.test, COMPARED);
  const { training, method } = experimentOfModel(experiment, state, model);
  const trainer = createTrainer({ store: (await readFolder(dir)).store, training, method });
  try {
    const ours = await probabilitiesOf(trainer, model, images);
    const opened = await openModelFile(bytes);
    try {
      const largest = await largestDifference(opened, images, ours);
      if (!(largest <= MOST_APART)) throw exportDisagrees(file, largest, MOST_APART, images.count);
      return { images: images.count, largest };
    } finally {
      await opened.close();
    }
  } finally {
    await trainer.close();
  }
}

/** Images in a batch of the file; not a divisor of the compared number, so that two sizes of batches are tried. */
const BATCH = 16;

async function largestDifference(
  file: ModelFile,
  { pixels, count, height, width }: Images,
  ours: readonly Float32Array[],
): Promise<number> {
  let largest = 0;
  const perImage = height * width * 3;
  for (let at = 0; at < count; at += BATCH) {
    const n = Math.min(BATCH, count - at);
    const dims: FileInput["dims"] = [n, height, width, 3];
    const { [OUTPUTS.probabilities]: theirs } = await file.run({
      pixels: Uint8Array.from(pixels.subarray(at * perImage, (at + n) * perImage)),
      dims,
    });
    const classes = ours[0]!.length;
    for (let i = 0; i < n; i++)
      for (let c = 0; c < classes; c++) {
        const apart = Math.abs(theirs![i * classes + c]! - ours[at + i]![c]!);
        if (!(apart <= largest)) largest = apart; // so that NaN counts
      }
    await new Promise((resolve) => setImmediate(resolve)); // a notebook's other work
  }
  return largest;
}

/** The first `most` images, with three channels. */
function colored(images: Images, most: number): Images {
  const { height, width, channels, pixels } = images;
  const count = Math.min(most, images.count);
  const rgb = sharedImages(count, height, width, 3);
  for (let i = 0; i < count * height * width; i++)
    for (let c = 0; c < 3; c++) rgb.pixels[i * 3 + c] = pixels[i * channels + (channels === 3 ? c : 0)]!;
  return rgb;
}
