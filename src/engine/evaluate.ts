// Accuracy of a trained model on a whole split, the odd last batch included (method.md §e.5).

import { graphInvalid } from "../core/errors/index.js";
import type { Model } from "../core/model.js";
import type { Metrics } from "../core/seams.js";
import type { Split, Task } from "../core/task.js";
import { evaluationGraph, type GraphModel, names } from "../graph/generation.js";
import { frozenTensors } from "./children.js";
import type { TrainContext } from "./train.js";

const STREAM = "all";

/** Top-1 accuracy. Batches are padded to one size with examples whose label never counts. */
export async function evaluateModel(
  { shape, path }: Pick<Model, "shape" | "path">,
  task: Task,
  split: Split,
  { engine, batches, training, layers, check }: TrainContext,
): Promise<Metrics> {
  if (path.length === 0) throw graphInvalid("evaluate", "the model has no layers: it was discarded");
  const images = task.splits[split];
  const batch = Math.min(training.batchSize, images.count);
  const model: GraphModel = {
    key: "model",
    shape,
    stream: STREAM,
    positions: path.map(({ name, id }) => ({ name, layer: id })),
  };
  const graph = evaluationGraph([model], { batch, classes: shape.classes });
  const program = await engine.compile(graph, { constants: frozenTensors([model], layers, names.layer) });
  try {
    const streams = [{ name: STREAM, imageSize: shape.imageSize, preprocessing: null }];
    const plan = { images, streams, batchSize: batch, key: null };
    const source = batches(plan, 0, Math.ceil(images.count / batch));
    let right = 0;
    try {
      for await (const { images: pixels, labels } of source) {
        check();
        const { correct } = await program.run({ labels, [names.images(STREAM)]: pixels[STREAM]! });
        right += correct![0]!;
      }
    } finally {
      await source.return?.(); // a batch that failed leaves the plan open
    }
    return { accuracy: right / images.count, examples: images.count };
  } finally {
    await program.dispose();
  }
}
