// The score of a model: accuracy, or accuracy discounted by the parameters that it accounts for. muNet §3.1,
// eq. 2–3; method.md §d.6.

import { type LayerUsers, layerUsers, ROOT } from "./layer-users.js";
import type { Method } from "./methods.js";
import type { Layer, Model } from "./model.js";
import type { State } from "./state.js";

type SizedLayer = Pick<Layer, "paramCount"> & { readonly id?: string };

/** Parameters of `path`, each divided by the number of tasks that use it; a count. muNet eq. 3. */
export function accountedParams(path: readonly SizedLayer[], users: LayerUsers): number {
  return path.reduce((sum, layer) => {
    const others = layer.id === undefined ? undefined : users.get(layer.id);
    const sharers = others ? others.size - (others.has(ROOT) ? 1 : 0) : 0;
    return sum + layer.paramCount / (1 + sharers);
  }, 0);
}

/** s^(p/P), the factor on the accuracy of a path; 1 if the scale factor is 1. muNet eq. 2. */
export function sizeFactor(
  path: readonly SizedLayer[],
  users: LayerUsers,
  { scaleFactor, rootParams }: Pick<Method, "scaleFactor" | "rootParams">,
): number {
  if (scaleFactor === 1) return 1;
  return scaleFactor ** (accountedParams(path, users) / rootParams);
}

/** Score of a trained model under the present sharing. Always recomputed, because it changes as other tasks begin or stop sharing. */
export function scoreOf(model: Model, state: State, method: Method): number {
  if (model.accuracy === null) return Number.NEGATIVE_INFINITY;
  if (method.scaleFactor === 1) return model.accuracy;
  return model.accuracy * sizeFactor(model.path, layerUsers(state, model.task), method);
}

/** Candidates by falling score; ties keep their order, older first. */
export function rankByScore(models: readonly Model[], state: State, method: Method): Model[] {
  const scored = models.map((model) => ({ model, score: scoreOf(model, state, method) }));
  return scored.sort((a, b) => b.score - a.score).map(({ model }) => model);
}

/** The candidate that survives its activation, or null if there is none. §d.4. */
export function bestOf(models: readonly Model[], state: State, method: Method): Model | null {
  const ranked = rankByScore(models, state, method);
  const best = ranked[0];
  if (!best) return null;
  const top = scoreOf(best, state, method);
  const equals = ranked.filter((model) => scoreOf(model, state, method) === top);
  return (method.tieSurvivor === "newest" ? equals.at(-1) : best) ?? null;
}
