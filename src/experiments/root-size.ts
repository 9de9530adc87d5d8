// The size of a root: P of muNet's score, eq. 2, the unit for every model's size.

import { modelParamCount } from "../core/components.js";
import { type Experiment, type RootSpec, withoutWish } from "../core/experiment.js";
import { type Method, mu2net, munet } from "../core/methods.js";

/** Sides, in pixels, at which the published code counts its roots, whatever the images' size; 32 for all others. §0-13. */
const COUNTED_AT: Readonly<Record<string, number>> = { "L/16": 224 };

/** Parameters of a root with a head of two classes, a count. */
export const rootSize = ({ backbone, blocks }: Pick<RootSpec, "backbone" | "blocks">): number =>
  modelParamCount({
    backbone,
    imageSize: COUNTED_AT[backbone.name] ?? 32,
    blocks,
    adapters: [],
    adapterDim: 0,
    classes: 2,
  });

/** muNet from `root`: with at most its blocks, and sizes measured by its own. */
export const munetFrom = (
  root: Pick<RootSpec, "backbone" | "blocks">,
  { scaleFactor, imageSize = munet.defaults.imageSize }: { scaleFactor: number; imageSize?: number },
): Method => ({
  ...munet,
  scaleFactor,
  blocksRange: [1, root.blocks],
  rootParams: rootSize(root),
  defaults: { ...munet.defaults, imageSize, blocks: root.blocks },
});

/** µ2Net from `root`: with all of its blocks, and sizes measured by its own. */
export const mu2netFrom = (
  root: Pick<RootSpec, "backbone" | "blocks">,
  { imageSize = mu2net.defaults.imageSize }: { imageSize?: number } = {},
): Method => ({
  ...mu2net,
  blocksRange: [root.blocks, root.blocks],
  rootParams: rootSize(root),
  defaults: { ...mu2net.defaults, imageSize, blocks: root.blocks },
});

/** The size of `root`; if it has no blocks, counted with the most that its models may have. */
const measureOf = ({ method }: Experiment, { backbone, blocks }: RootSpec): number =>
  rootSize({ backbone, blocks: blocks || method.blocksRange[1] });

/** `experiment` with another root, whose parameters become the unit of size unless another was set. */
export function withRootSpec(given: Experiment, root: RootSpec): Experiment {
  const experiment = withoutWish(given);
  const { method } = experiment;
  const isSet = method.rootParams !== measureOf(experiment, experiment.root);
  return isSet
    ? { ...experiment, root }
    : { ...experiment, root, method: { ...method, rootParams: measureOf(experiment, root) } };
}
