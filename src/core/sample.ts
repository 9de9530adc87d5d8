// How parents are sampled: the half-life rule, and the order in which candidates are tried. muNet §2.2 eq. 1,
// µ2Net §3.1 and Algorithm 1, lines 8–16; method.md §d.2–3.

import type { ParentRule } from "./event.js";
import { retainedModels } from "./live.js";
import type { Method } from "./methods.js";
import type { Model, ModelId, TaskName } from "./model.js";
import { canBuildOn } from "./readers.js";
import type { Rng } from "./rng.js";
import { rankByScore } from "./score.js";
import { modelOf, type State } from "./state.js";

/** Probability that a candidate is accepted as parent: 0.5^selections. µ2Net §3.1; muNet eq. 1 (half-life 1). */
export const acceptProbability = (model: Model, task: TaskName): number =>
  0.5 ** (model.selections[task] ?? 0);

/** The root's number. */
const ROOT_MODEL: ModelId = 0;

/** Models of other tasks (and the root) from which `task` may start, in the order of the activation's first scan. */
export function sampleSeeds(state: State, task: TaskName, method: Method, rng: Rng): ModelId[] {
  if (method.parents === "root") return [ROOT_MODEL];
  const seeds = retainedModels(state)
    .filter((model) => model.task !== task && canBuildOn(model, task, state))
    .map((model) => model.id);
  return method.parents === "seeds-first" ? seeds.sort((a, b) => b - a) : rng.shuffle(seeds);
}

/** The parent of the next child, and the rule that found it. Only during an activation. */
export function sampleParent(state: State, method: Method, rng: Rng): { parent: Model; rule: ParentRule } {
  if (method.parents === "root") return { parent: modelOf(state, ROOT_MODEL), rule: "root" };
  const { task, seeds, seedsUsed, active } = state.activation!;
  const others = seeds.map((id) => modelOf(state, id));
  const unused = method.parents === "seeds-first" ? others[seedsUsed] : undefined;
  if (unused) return { parent: unused, rule: "seed-unmutated" };

  const own = active.map((id) => modelOf(state, id));
  for (const candidates of scans(own, others, state, method, rng)) {
    const parent = candidates.find((model) => acceptProbability(model, task) > rng.uniform());
    if (parent) return { parent, rule: parent.task === task ? "active" : "seed" };
  }
  const all = [...rankByScore(own, state, method), ...others];
  return { parent: all[rng.int(all.length)]!, rule: "uniform" };
}

/** The lists that are scanned with the half-life rule, one after another. */
function* scans(
  own: readonly Model[],
  others: readonly Model[],
  state: State,
  method: Method,
  rng: Rng,
): Generator<readonly Model[]> {
  if (method.parents === "ranked-together") return yield rankByScore([...own, ...others], state, method);
  yield rankByScore(own, state, method);
  if (method.parents === "ranked-then-seeds") yield others;
  if (method.parents === "ranked-then-shuffled") yield rng.shuffle(others);
}
