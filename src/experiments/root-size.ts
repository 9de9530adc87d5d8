// How large a root is: P of muNet's score, eq. 2, which every model's size is measured by.

import { modelParamCount } from "../core/components.js";
import type { Experiment, RootSpec } from "../core/experiment.js";

/** Parameters of a root with a head of two classes, counted at 32 pixels as the published code counts it whatever the images' size. §0-13. */
export const rootSize = ({ backbone, blocks }: RootSpec): number =>
  modelParamCount({ backbone, imageSize: 32, blocks, adapters: [], adapterDim: 0, classes: 2 });

/** `experiment` begun from another root, whose parameters are then the measure of size. */
export const withRootSpec = (experiment: Experiment, root: RootSpec): Experiment => ({
  ...experiment,
  root,
  method: { ...experiment.method, rootParams: rootSize(root) },
});
