// The graphs of a whole generation: one training step of all children, and one batch of validation of all of them. A child's
// trainable tensors are in one vector θ, its momentum in another; a frozen layer is an input named by its layer id, so
// children that share it share everything computed from it.

import { type ComponentName, componentTensors, type Shape } from "../core/components.js";
import type { LayerId, Model } from "../core/model.js";
import { GraphBuilder } from "./builder.js";
import { elementCount, type Graph, type Node } from "./node.js";
import { type SgdOptions, sgdStep } from "./sgd.js";
import { correctCount, crossEntropy, type Parameters, vitLogits } from "./vit.js";
import { gradients } from "./vjp.js";

/** A model for the graphs. `key` names its θ; `stream` names its images. */
export interface GraphModel {
  readonly key: string;
  readonly shape: Shape;
  readonly stream: string;
  /** The layers from image to head; trained ones have no layer id. */
  readonly positions: readonly { readonly name: ComponentName; readonly layer: LayerId | null }[];
}

/** A model that has been trained, all of whose layers are frozen. */
export const storedModel = ({ shape, path }: Pick<Model, "shape" | "path">, stream: string): GraphModel => ({
  key: "model",
  shape,
  stream,
  positions: path.map(({ name, id }) => ({ name, layer: id })),
});

export interface GraphChild extends GraphModel {
  readonly sgd: SgdOptions;
}

/** The place of a trainable tensor in θ. */
export interface Place {
  readonly component: ComponentName;
  readonly tensor: string;
  readonly dims: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Names of inputs and outputs. */
export const names = {
  images: (stream: string) => `images/${stream}`,
  labels: "labels",
  rates: "rates",
  layer: (layer: LayerId, tensor: string) => `layer/${layer}/${tensor}`,
  theta: (key: string) => `theta/${key}`,
  velocity: (key: string) => `velocity/${key}`,
  loss: (key: string) => `loss/${key}`,
  correct: "correct",
  logits: "logits",
};

/** The trainable tensors of a model in the order of θ. */
export function thetaLayout({ positions, shape }: Pick<GraphModel, "positions" | "shape">): Place[] {
  let start = 0;
  return positions
    .filter(({ layer }) => layer === null)
    .flatMap(({ name }) =>
      Object.entries(componentTensors(name, shape)).map(([tensor, dims]): Place => {
        const place = { component: name, tensor, dims, start, end: start + elementCount(dims) };
        start = place.end;
        return place;
      }),
    );
}

export interface BatchShape {
  readonly batch: number;
  readonly classes: number;
}

/** A step of every child on one batch. Inputs: images/…, labels, rates [children], layer/…; state: theta/…, velocity/…; outputs: loss/… [1]. */
export function trainingGraph(children: readonly GraphChild[], { batch }: BatchShape): Graph {
  const g = new GraphBuilder();
  const labels = g.input(names.labels, [batch]);
  const rates = g.input(names.rates, [children.length]);
  const outputs: Record<string, Node> = {};
  children.forEach((child, i) => {
    const { theta, trained, parameters } = bind(g, child);
    const logits = vitLogits(g, child.shape, imagesOf(g, child, batch), parameters);
    const loss = crossEntropy(g, logits, labels);
    const gradient = g.concat(gradients(g, loss, trained), 0);
    const velocity = g.input(names.velocity(child.key), theta.dims);
    const rate = g.slice(rates, 0, i, i + 1);
    const next = sgdStep(g, { theta, velocity, gradient, rate }, child.sgd);
    // No output depends on several children, so one child can be finished, and its activations freed, before the next.
    outputs[names.theta(child.key)] = next.theta;
    outputs[names.velocity(child.key)] = next.velocity;
    outputs[names.loss(child.key)] = loss;
  });
  return { outputs };
}

/** The number of correct answers of every model on a batch: output correct [models]. */
export function evaluationGraph(models: readonly GraphModel[], { batch }: BatchShape): Graph {
  const g = new GraphBuilder();
  const labels = g.input(names.labels, [batch]);
  const counts = models.map((model) => {
    const logits = vitLogits(g, model.shape, imagesOf(g, model, batch), bind(g, model).parameters);
    return correctCount(g, logits, labels);
  });
  return { outputs: { [names.correct]: g.concat(counts, 0) } };
}

/** What a model says of a batch of images: output logits [batch, classes]. */
export function predictionGraph(model: GraphModel, batch: number): Graph {
  const g = new GraphBuilder();
  const logits = vitLogits(g, model.shape, imagesOf(g, model, batch), bind(g, model).parameters);
  return { outputs: { [names.logits]: logits } };
}

function imagesOf(g: GraphBuilder, { stream, shape }: GraphModel, batch: number): Node {
  return g.input(names.images(stream), [batch, shape.imageSize, shape.imageSize, 3]);
}

/** The nodes of a model's tensors: parts of θ if trained, inputs named by layer if frozen. */
function bind(g: GraphBuilder, model: GraphModel): { theta: Node; trained: Node[]; parameters: Parameters } {
  const places = thetaLayout(model);
  const theta = g.input(names.theta(model.key), [places.at(-1)?.end ?? 0]);
  const trained = places.map(({ start, end }) => g.slice(theta, 0, start, end));
  const tensors = new Map(
    places.map((place, i) => [`${place.component}/${place.tensor}`, g.reshape(trained[i]!, place.dims)]),
  );
  const frozen = new Map(model.positions.map(({ name, layer }) => [name, layer]));
  const parameters: Parameters = (component, tensor) =>
    tensors.get(`${component}/${tensor}`) ??
    g.input(names.layer(frozen.get(component)!, tensor), componentTensors(component, model.shape)[tensor]!);
  return { theta, trained, parameters };
}
