// The score of a model: accuracy, or accuracy discounted by the parameters that it accounts for and by the operations of a
// prediction, or a formula of one's own. muNet §3.1, eq. 2–3; method.md §d.6.

import { componentNames, type Shape } from "./components.js";
import { forwardFlops } from "./flops.js";
import { evaluateFormula, type FixedMetrics } from "./formula.js";
import { type LayerUsers, layerUsers, ROOT } from "./layer-users.js";
import type { Method } from "./methods.js";
import type { Layer, Model, Plan } from "./model.js";
import type { State } from "./state.js";

type SizedLayer = Pick<Layer, "paramCount"> & { readonly id?: string };

/** What a score depends on beside the model. */
export type Scoring = Pick<Method, "scaleFactor" | "rootParams" | "computeFactor" | "score" | "blocksRange">;

/** Parameters of `path`, each divided by the number of tasks that use it; a count. muNet eq. 3. */
export function accountedParams(path: readonly SizedLayer[], users: LayerUsers): number {
  return path.reduce((sum, layer) => {
    const others = layer.id === undefined ? undefined : users.get(layer.id);
    const sharers = others ? others.size - (others.has(ROOT) ? 1 : 0) : 0;
    return sum + layer.paramCount / (1 + sharers);
  }, 0);
}

/** Floating-point operations of one prediction. */
const flopsOf = (shape: Shape): number => forwardFlops(componentNames(shape), shape);

/** The operations of the root; of one without blocks, those with the most that its models may have. */
const rootFlopsOf = (state: Pick<State, "models">, { blocksRange }: Pick<Method, "blocksRange">): number => {
  const root = state.models.get(0)!.shape;
  return flopsOf({ ...root, blocks: root.blocks || blocksRange[1] });
};

interface Scored {
  readonly path: readonly SizedLayer[];
  readonly shape: Shape;
}

/** s^(p/P) × c^(f/F), the factor on the accuracy of a model; 1 if neither counts. muNet eq. 2. */
export function sizeFactor(
  { path, shape }: Scored,
  users: LayerUsers,
  state: Pick<State, "models">,
  { scaleFactor, rootParams, computeFactor = 1, blocksRange }: Scoring,
): number {
  const bySize = scaleFactor === 1 ? 1 : scaleFactor ** (accountedParams(path, users) / rootParams);
  if (computeFactor === 1) return bySize;
  return bySize * computeFactor ** (flopsOf(shape) / rootFlopsOf(state, { blocksRange }));
}

/** What a formula takes beside the accuracy. */
export const fixedMetrics = (
  { path, shape }: Scored,
  users: LayerUsers,
  state: Pick<State, "models">,
  scoring: Scoring,
): FixedMetrics => ({
  params: path.reduce((sum, { paramCount }) => sum + paramCount, 0),
  accountedParams: accountedParams(path, users),
  rootParams: scoring.rootParams,
  flops: flopsOf(shape),
  rootFlops: rootFlopsOf(state, scoring),
});

/** Score of a version of `plan` with this validation accuracy, under the sharing when it was planned. */
export const planScore = (
  { sizeFactor, formula }: Pick<Plan, "sizeFactor" | "formula">,
  accuracy: number,
): number =>
  formula ? evaluateFormula(formula.score, { ...formula.metrics, accuracy }) : accuracy * sizeFactor;

/** Score of a trained model, `users` being the users of layers among other tasks' models. */
export function scoreAmong(
  model: Model,
  users: () => LayerUsers,
  state: Pick<State, "models">,
  scoring: Scoring,
): number {
  const { accuracy } = model;
  if (accuracy === null) return Number.NEGATIVE_INFINITY;
  if (scoring.score !== undefined)
    return evaluateFormula(scoring.score, { ...fixedMetrics(model, users(), state, scoring), accuracy });
  if (scoring.scaleFactor === 1 && (scoring.computeFactor ?? 1) === 1) return accuracy;
  return accuracy * sizeFactor(model, users(), state, scoring);
}

/** Score of a trained model under the present sharing. Always recomputed, because it changes as other tasks begin or stop sharing. */
export const scoreOf = (model: Model, state: State, method: Scoring): number =>
  scoreAmong(model, () => layerUsers(state, model.task), state, method);

/** Candidates by falling score; ties keep their order, older first. */
export function rankByScore(models: readonly Model[], state: State, method: Scoring): Model[] {
  const scored = models.map((model) => ({ model, score: scoreOf(model, state, method) }));
  return scored.sort((a, b) => b.score - a.score).map(({ model }) => model);
}

/** The candidate that survives its activation, or null if there is none. §d.4. */
export function bestOf(
  models: readonly Model[],
  state: State,
  method: Scoring & Pick<Method, "tieSurvivor">,
): Model | null {
  const ranked = rankByScore(models, state, method);
  const best = ranked[0];
  if (!best) return null;
  const top = scoreOf(best, state, method);
  const equals = ranked.filter((model) => scoreOf(model, state, method) === top);
  return (method.tieSurvivor === "newest" ? equals.at(-1) : best) ?? null;
}
