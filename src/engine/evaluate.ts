// A trained model on whole sets of images, the odd last batch included: its accuracy (method.md §e.5), or what it says of
// each image.

import { graphInvalid } from "../core/errors/index.js";
import type { Model } from "../core/model.js";
import type { Metrics } from "../core/seams.js";
import type { Images, Split, Task } from "../core/task.js";
import {
  evaluationGraph,
  type GraphModel,
  names,
  predictionGraph,
  storedModel,
} from "../graph/generation.js";
import type { Graph } from "../graph/node.js";
import { frozenTensors } from "./children.js";
import type { Tensors } from "./engine.js";
import type { TrainContext } from "./train.js";

type Context = Pick<TrainContext, "engine" | "batches" | "training" | "layers" | "check">;
type Trained = Pick<Model, "shape" | "path">;

const STREAM = "all";

/** Top-1 accuracy. Batches are padded to one size with examples whose label never counts. */
export async function evaluateModel(
  model: Trained,
  task: Task,
  split: Split,
  context: Context,
): Promise<Metrics> {
  const images = task.splits[split];
  const { classes } = model.shape;
  let right = 0;
  await eachBatch(
    model,
    images,
    (frozen, batch) => evaluationGraph([frozen], { batch, classes }),
    context,
    ({ correct }) => {
      right += correct![0]!;
    },
  );
  return { accuracy: right / images.count, examples: images.count };
}

/** The model's logits, [images, classes]. */
export async function predictLogits(
  model: Trained,
  images: Images,
  context: Context,
): Promise<Float32Array<ArrayBuffer>> {
  const all = new Float32Array(images.count * model.shape.classes);
  await eachBatch(model, images, predictionGraph, context, ({ logits }, at) => {
    const start = at * model.shape.classes;
    all.set(logits!.subarray(0, all.length - start), start); // the last batch may be padded
  });
  return all;
}

/** Runs the graph of `model` on all images; `use` receives the outputs of each batch and the number of its first image. */
async function eachBatch(
  { shape, path }: Trained,
  images: Images,
  graphOf: (model: GraphModel, batch: number) => Graph,
  { engine, batches, training, layers, check }: Context,
  use: (outputs: Tensors, at: number) => void,
): Promise<void> {
  if (path.length === 0) throw graphInvalid("evaluate", "the model has no layers: it was discarded");
  const batch = Math.min(training.batchSize, images.count);
  const model = storedModel({ shape, path }, STREAM);
  const constants = frozenTensors([model], layers, names.layer);
  const program = await engine.compile(graphOf(model, batch), { constants });
  try {
    const streams = [{ name: STREAM, imageSize: shape.imageSize, preprocessing: null }];
    const plan = { images, streams, batchSize: batch, key: null };
    const source = batches(plan, 0, Math.ceil(images.count / batch));
    let at = 0;
    try {
      for await (const { images: pixels, labels } of source) {
        check();
        use(await program.run({ labels, [names.images(STREAM)]: pixels[STREAM]! }), at);
        at += batch;
      }
    } finally {
      await source.return?.(); // a batch that failed leaves the plan open
    }
  } finally {
    await program.dispose();
  }
}
