// Derives an experiment that differs in one respect of interest: a part of the method switched off, a hyperparameter held,
// another scale factor or µ (muNet Fig. 3 and 4, and more). The seed stays, so that the two share data, root and every draw
// up to the first difference.

import { unknownName } from "../core/errors/index.js";
import type { Experiment } from "../core/experiment.js";
import type { HyperparamName } from "../core/hyperparams.js";
import { applyOverrides } from "../experiments/overrides.js";

export interface Changes {
  /** Insertion of residual adapters. */
  readonly adapters?: boolean;
  /** Steps of hyperparameters (auto-tuning); depth may still change. */
  readonly tuning?: boolean;
  /** Steps of depth; false keeps the initial blocks. */
  readonly depth?: boolean;
  /** Hyperparameters that are not tuned but keep their defaults. */
  readonly held?: readonly HyperparamName[];
  /** In (0, 1]. */
  readonly scaleFactor?: number;
  /** µ, in [0, 1]. */
  readonly mutationProbability?: number;
  /** Any other setting, as `--set` names it. */
  readonly set?: Readonly<Record<string, number | boolean | string>>;
}

/** `experiment` with `changes`. Throws options/not-valid, setting/unknown, hyperparams/not-valid. */
export function changed(experiment: Experiment, changes: Changes): Experiment {
  const { adapters, tuning, depth, held = [], scaleFactor, mutationProbability, set = {} } = changes;
  const overrides = Object.entries({
    ...(adapters !== undefined && { insertAdapters: adapters }),
    ...(tuning !== undefined && { tuneHyperparams: tuning }),
    ...(scaleFactor !== undefined && { scaleFactor }),
    ...(mutationProbability !== undefined && { mutationProbability }),
    ...set,
  }).map(([key, value]) => `${key}=${value}`);
  const overridden = applyOverrides(experiment, overrides);
  const settled = holding(overridden, held);
  const { blocks } = settled.method.defaults;
  return depth === false
    ? { ...settled, method: { ...settled.method, blocksRange: [blocks, blocks] } }
    : settled;
}

/** A held hyperparameter is no longer searched, so it keeps its default. */
function holding(experiment: Experiment, held: readonly HyperparamName[]): Experiment {
  const { search } = experiment.method;
  const searched = Object.keys(search);
  for (const name of held)
    if (!searched.includes(name)) throw unknownName("hyperparameter", name, searched, "that is tuned");
  const kept = Object.entries(search).filter(([name]) => !held.includes(name as HyperparamName));
  return { ...experiment, method: { ...experiment.method, search: Object.fromEntries(kept) } };
}
