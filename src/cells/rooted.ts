// The root that an evolver cell's experiment begins with: the one that the cell names, else the experiment's own.

import { withRoot } from "../commands/choose-root.js";
import type { Experiment } from "../core/experiment.js";
import type { EvolveCell } from "./parse.js";

/** The cell's experiment with its root, which may be pretrained first; a line under the cell says so. Throws root/… */
export const rooted = ({ experiment, root, threads }: EvolveCell): Promise<Experiment> =>
  withRoot(experiment, { ...(root !== undefined && { root }), ...(threads && { threads }) }, process.stdout);
