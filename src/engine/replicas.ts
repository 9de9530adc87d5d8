// Replicas: plans of a generation that must reach the same result, bit for bit, because training depends only on the plan
// and the generation's batches. One of them is trained and the others get its cycles. muNet's baselines consist of replicas:
// eight times the same child (method.md §f).

import type { ModelId, Plan } from "../core/model.js";
import type { Rng } from "../core/rng.js";
import type { Cycle } from "../core/seams.js";
import type { Task } from "../core/task.js";
import { beginsAtRandom } from "../graph/init.js";
import { type TrainContext, trainPlans } from "./train.js";
import type { TrainingMethod } from "./wire.js";

/** A plan to train, and the children that end as it does, itself first. */
interface Replicas {
  readonly plan: Plan;
  readonly children: readonly ModelId[];
}

/** The plans that differ, in their order. */
function replicasOf(
  plans: readonly Plan[],
  method: Pick<TrainingMethod, "initSeed" | "headInit">,
): Replicas[] {
  const found = new Map<string, { plan: Plan; children: ModelId[] }>();
  for (const plan of plans) {
    const key = trainingKey(plan, method);
    const replicas = found.get(key);
    if (replicas) replicas.children.push(plan.child);
    else found.set(key, { plan, children: [plan.child] });
  }
  return [...found.values()];
}

/** Everything that determines a plan's training, including the child's number if layers are drawn from its stream. */
function trainingKey(
  plan: Plan,
  { initSeed, headInit }: Pick<TrainingMethod, "initSeed" | "headInit">,
): string {
  const { task, shape, hyperparams, reference, sizeFactor, formula, positions } = plan;
  const layers = positions.map(({ name, source }) => [
    name,
    source.how,
    source.how === "init" ? null : source.layer.id,
  ]);
  const drawn = positions.some(({ name, source }) => source.how === "init" && beginsAtRandom(name, headInit));
  const child = drawn && initSeed === "per-child" ? plan.child : null;
  return JSON.stringify([task, shape, hyperparams, reference, sizeFactor, formula, layers, child]);
}

/** Trains a generation like `trainPlans`, but replicas only once. Each of them is charged an equal share of the time. */
export async function* trainGeneration(
  plans: readonly Plan[],
  task: Task,
  rng: Rng,
  context: TrainContext,
): AsyncGenerator<Cycle[]> {
  const replicas = replicasOf(plans, context.method);
  const distinct = replicas.map(({ plan }) => plan);
  const childrenOf = new Map(replicas.map(({ plan, children }) => [plan.child, children]));
  const place = new Map(plans.map(({ child }, i) => [child, i]));
  for await (const cycles of trainPlans(distinct, task, rng, context))
    yield cycles
      .flatMap((cycle) => copies(cycle, childrenOf.get(cycle.child)!))
      .sort((a, b) => place.get(a.child)! - place.get(b.child)!);
}

const copies = (cycle: Cycle, children: readonly ModelId[]): Cycle[] =>
  children.map((child) => ({
    ...cycle,
    child,
    trainMs: cycle.trainMs / children.length,
    ...(cycle.engineMs !== undefined && { engineMs: cycle.engineMs / children.length }),
  }));
