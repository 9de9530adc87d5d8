// What an evolver cell's experiment needs before it starts: tasks that are on this machine, and its root.

import { prepareOn } from "../../commands/prepare.js";
import type { Experiment } from "../../core/experiment.js";
import type { EvolveCell } from "./parse.js";

/** The cell's experiment on the tasks that it names, or else on the available ones, and with its root; if the root is pretrained first, lines under the cell say so. Throws root/… */
export const rooted = ({
  experiment,
  namesTasks,
  root,
  planClaims,
  threads,
  memory,
}: EvolveCell): Promise<Experiment> =>
  prepareOn(process.stdout, experiment, {
    keepsTasks: namesTasks,
    makesRoot: !planClaims, // a plan trains nothing
    ...(root !== undefined && { root }),
    ...(threads && { threads }),
    ...(memory && { memory }),
  });
