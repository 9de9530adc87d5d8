// For `mulab verify`: which version of a child is kept, whether the child is kept at all, and which candidate survives
// (method.md §d.4, §d.6; the methods differ in §0-8).

import { componentParamCount } from "../../core/components.js";
import type { Outcome } from "../../core/event.js";
import type { FixedMetrics } from "../../core/formula.js";
import type { Method } from "../../core/methods.js";
import type { Plan } from "../../core/model.js";
import {
  metricsOf,
  near,
  planScoreOf,
  type Sized,
  type Standing,
  scoreOf,
  sizeFactorOf,
  type WalkedModel,
} from "./standing.js";

/** A plan's bar, which is the score of a parent of the same task, and its size factor. */
export function* barFailures(
  plan: Plan,
  parent: WalkedModel | undefined,
  method: Method,
  standing: Standing,
): Generator<string> {
  const { reference, sizeFactor, task, positions, shape, child } = plan;
  if (parent && parent.task === task && reference !== null) {
    const score = scoreOf(parent, method, standing);
    if (!near(reference, score))
      yield `model ${child} has ${reference} to beat, but the score of its parent, model ${parent.id}, is ${score}`;
  }
  const path = positions.map(
    ({ name, source }): Sized =>
      source.how === "share" ? source.layer : { paramCount: componentParamCount(name, shape) },
  );
  const counted = { path, task, shape };
  const factor = sizeFactorOf(counted, method, standing);
  if (!near(sizeFactor, factor)) yield `the size factor of model ${child} is ${factor}, not ${sizeFactor}`;
  if (plan.formula?.score !== method.score)
    yield `model ${child} is scored by ${plan.formula?.score ?? "accuracy and size"}, not by ${method.score ?? "accuracy and size"}`;
  if (!plan.formula) return;
  const metrics = Object.entries(metricsOf(counted, method, standing)) as [keyof FixedMetrics, number][];
  for (const [name, value] of metrics)
    if (!near(plan.formula.metrics[name], value))
      yield `the ${name} of model ${child} are ${value}, not ${plan.formula.metrics[name]}`;
}

/** A child's outcome must follow from its validations. */
export function* outcomeFailures(
  child: WalkedModel,
  outcome: Outcome,
  method: Method | null,
): Generator<string> {
  const { reference } = child.plan!;
  const beats = (accuracy: number): boolean => {
    const score = planScoreOf(child.plan!, accuracy);
    if (reference === null) return true;
    return (method?.keepTies ?? true) ? score >= reference : score > reference;
  };
  const kept = child.validated.filter(({ accuracy }) => beats(accuracy));
  switch (outcome.result) {
    case "improved": {
      const score = planScoreOf(child.plan!, child.accuracy);
      if (outcome.score !== score) yield `the score of model ${child.id} is ${score}`;
      if (kept.length === 0) yield `model ${child.id} has ${reference} to beat`;
      return;
    }
    case "discarded":
      if (method && kept.length > 0)
        yield `model ${child.id} was discarded, but its accuracy of ${Math.max(...kept.map(({ accuracy }) => accuracy))} ${reference === null ? "has nothing to beat" : `beats ${reference}`}`;
      return;
    case "failed": {
      // Once a child has failed, its validations have accuracy 0, however good it was before.
      const before = kept.find(({ accuracy }) => accuracy > 0);
      if (before)
        yield `model ${child.id} failed, but a version with accuracy ${before.accuracy} was good enough to be kept`;
      return;
    }
    default:
      outcome satisfies never;
  }
}

/** Steps of the possible kept versions of a child: its best one, and of equals the first or the last. */
export function keptSteps({ validated, accuracy }: WalkedModel, method: Method | null): number[] {
  const best = validated.filter((v) => v.accuracy === accuracy).map(({ steps }) => steps);
  // Without the method, either of equals; with accuracy 0, the child may have failed after its only version.
  if (!method || accuracy === 0) return best;
  return method.keepTies ? best.slice(-1) : best.slice(0, 1);
}

/** The best candidate, or several if their scores differ only by rounding. */
export function bestOf(
  candidates: readonly WalkedModel[],
  method: Method,
  standing: Standing,
): readonly WalkedModel[] {
  const scored = candidates.map((model) => ({ model, score: scoreOf(model, method, standing) }));
  const top = scored.reduce((best, { score }) => Math.max(best, score), Number.NEGATIVE_INFINITY);
  const equals = scored.filter(({ score }) => near(score, top));
  const ties = equals.filter(({ score }) => score === equals[0]?.score);
  if (ties.length < equals.length) return equals.map(({ model }) => model);
  const survivor = method.tieSurvivor === "newest" ? ties.at(-1) : ties[0];
  return survivor ? [survivor.model] : [];
}

/** An activation keeps its best candidate. */
export function* survivorFailures(
  winner: WalkedModel,
  candidates: readonly WalkedModel[],
  method: Method,
  standing: Standing,
): Generator<string> {
  const best = bestOf(candidates, method, standing);
  if (best.includes(winner)) return;
  const score = (model: WalkedModel) => scoreOf(model, method, standing);
  const [first] = best;
  if (first)
    yield `model ${winner.id} with score ${score(winner)} was retained, but model ${first.id} with ${score(first)} ${score(winner) === score(first) ? `is the ${method.tieSurvivor} of equals` : "is better"}`;
}
