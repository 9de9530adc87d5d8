// For `mulab verify`: what layers a model of a given shape must have.

import { componentNames, componentParamCount, type Shape } from "../../core/components.js";
import type { Event } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import type { Hyperparams } from "../../core/hyperparams.js";
import type { Layer } from "../../core/model.js";
import { canonicalJson } from "../digest.js";

/** A path must consist of the components of its shape, in order, each with the size that follows from the shape. */
export function* pathProblems(path: readonly Layer[], shape: Shape): Generator<string> {
  const names = componentNames(shape);
  if (String(path.map((layer) => layer.name)) !== String(names))
    yield `its layers are ${path.map((layer) => layer.name)}, but its shape has ${names}`;
  for (const { name, paramCount } of path)
    if (paramCount !== componentParamCount(name, shape))
      yield `${name} has ${paramCount} parameters, but its shape has ${componentParamCount(name, shape)}`;
}

/** The image size of a position embedding; not a whole number if the embedding doesn't fit a grid. */
export const imageSizeOf = (paramCount: number, { backbone }: Shape): number =>
  Math.sqrt(paramCount / backbone.width - 1) * backbone.patch;

/** A resized position embedding must fit a grid of patches, and be untrained. */
export function* posembedProblems(posembeds: readonly Layer[], shape: Shape): Generator<string> {
  for (const { name, paramCount, history } of posembeds)
    if (
      name !== "posembed_input" ||
      history.length > 0 ||
      !Number.isInteger(imageSizeOf(paramCount, shape) / shape.backbone.patch)
    )
      yield `${name} with ${paramCount} parameters is not a resized position embedding`;
}

/** A shape must match the hyperparameters and the root's backbone. */
export function* shapeProblems(
  shape: Shape,
  hyperparams: Hyperparams,
  root: Shape | undefined,
): Generator<string> {
  for (const name of ["imageSize", "blocks", "adapterDim"] as const)
    if (shape[name] !== hyperparams[name])
      yield `its shape has ${name} ${shape[name]}, its hyperparameters ${hyperparams[name]}`;
  if (root && canonicalJson(shape.backbone) !== canonicalJson(root.backbone))
    yield `its backbone is ${shape.backbone.name}, but not the root's`;
}

/** The root must be the experiment's, with its position embedding at every other image size that the search may reach. */
export function* rootProblems(
  { shape, hyperparams, posembeds = [] }: Extract<Event, { type: "root-added" }>,
  { root, method }: Experiment,
): Generator<string> {
  const { defaults, search, tuneHyperparams } = method;
  const { backbone, blocks } = root;
  const same = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
  if (!same(shape.backbone, backbone) || shape.blocks !== blocks || shape.adapters.length > 0)
    yield `the root is ${shape.backbone.name} with ${shape.blocks} blocks and ${shape.adapters.length} adapters, not the experiment's ${backbone.name} with ${blocks}`;
  if (!same(hyperparams, { ...defaults, blocks })) yield "the root's hyperparameters are not the defaults";
  const sizes = posembeds.map(({ paramCount }) => imageSizeOf(paramCount, shape));
  const due = (tuneHyperparams ? (search.imageSize ?? []) : []).filter(
    (size) => size !== defaults.imageSize && size % backbone.patch === 0,
  );
  if (!same(sizes, due))
    yield `the root has position embeddings for images of ${sizes.join(", ") || "no other size"}, but the search reaches ${due.join(", ") || "no other size"}`;
}
