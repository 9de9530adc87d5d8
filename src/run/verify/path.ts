// What the layers that a journal tells of must be for the shape that it tells, for `mulab verify`.

import { componentNames, componentParamCount, type Shape } from "../../core/components.js";
import type { Hyperparams } from "../../core/hyperparams.js";
import type { Layer } from "../../core/model.js";
import { canonicalJson } from "../digest.js";

/** A path must be the components of its shape, in order, each of the size that the shape gives it. */
export function* pathProblems(path: readonly Layer[], shape: Shape): Generator<string> {
  const names = componentNames(shape);
  if (String(path.map((layer) => layer.name)) !== String(names))
    yield `its layers are ${path.map((layer) => layer.name)}, but its shape has ${names}`;
  for (const { name, paramCount } of path)
    if (paramCount !== componentParamCount(name, shape))
      yield `${name} has ${paramCount} parameters, but its shape has ${componentParamCount(name, shape)}`;
}

/** The image size that a position embedding is for; no whole number where its size is none of a grid. */
export const imageSizeOf = (paramCount: number, { backbone }: Shape): number =>
  Math.sqrt(paramCount / backbone.width - 1) * backbone.patch;

/** A resized position embedding is for a grid of patches, and nobody trained it. */
export function* posembedProblems(posembeds: readonly Layer[], shape: Shape): Generator<string> {
  for (const { name, paramCount, history } of posembeds)
    if (
      name !== "posembed_input" ||
      history.length > 0 ||
      !Number.isInteger(imageSizeOf(paramCount, shape) / shape.backbone.patch)
    )
      yield `${name} with ${paramCount} parameters is no resized position embedding`;
}

/** A shape must be what the hyperparameters say, of the root's backbone. */
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
