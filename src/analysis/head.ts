// The fixed part of a run that analysis and pictures need.

import type { Backbone } from "../core/components.js";
import type { Experiment } from "../core/experiment.js";
import type { Method } from "../core/methods.js";
import type { MethodLabel } from "../format/method-names.js";

/** What is fixed when a run starts. */
export interface Head {
  readonly format: 1;
  readonly dir: string;
  readonly experiment: Pick<
    Experiment,
    "name" | "title" | "source" | "budget" | "seed" | "iterations" | "generations" | "children"
  >;
  readonly batchSize: number;
  readonly cycles: number;
  /** Most images of a validation; not in notebooks of earlier versions. */
  readonly validationExamples?: number;
  readonly method: Pick<
    Method,
    "name" | "scaleFactor" | "rootParams" | "tieSurvivor" | "computeFactor" | "score"
  > & {
    /** Not in notebooks of earlier versions. */
    readonly blocksRange?: Method["blocksRange"];
    readonly label: MethodLabel;
  };
  readonly backbone: Backbone;
}
