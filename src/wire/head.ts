// The part of a run that is fixed when it begins.

import type { Head } from "../analysis/head.js";
import type { Experiment } from "../core/experiment.js";
import { methodLabel } from "../format/method-names.js";

export function headOf(dir: string, experiment: Experiment): Head {
  const { name, title, source, budget, seed, iterations, generations, children, training } = experiment;
  const { scaleFactor, rootParams, tieSurvivor, computeFactor, score, blocksRange } = experiment.method;
  return {
    format: 1,
    dir,
    experiment: { name, title, source, budget, seed, iterations, generations, children },
    batchSize: training.batchSize,
    cycles: training.cycles,
    validationExamples: training.validationExamples,
    method: {
      name: experiment.method.name,
      scaleFactor,
      rootParams,
      tieSurvivor,
      ...(computeFactor !== undefined && { computeFactor, blocksRange }),
      ...(score !== undefined && { score, blocksRange }),
      label: methodLabel(experiment.method),
    },
    backbone: experiment.root.backbone,
  };
}
