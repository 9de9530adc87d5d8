// A Trainer without an engine: instant, deterministic, with layer bytes that are as valid as the real one's. What it
// "learns" is a nudge of every trained tensor's first value; how well is a function that the test may give.

import { componentParamCount } from "../../src/core/components.js";
import { decodeLayer, encodeLayer } from "../../src/core/layer-codec.js";
import type { Method } from "../../src/core/methods.js";
import type { Plan, Position } from "../../src/core/model.js";
import { type Rng, rngFromSeed } from "../../src/core/rng.js";
import { planScore } from "../../src/core/score.js";
import type { Cycle, LayerStore, TrainedLayer, Trainer } from "../../src/core/seams.js";
import type { Task } from "../../src/core/task.js";
import { batchesPerCycle, type Training } from "../../src/core/training.js";
import { isKept, withSteps } from "../../src/engine/keep.js";
import { initLayer, initStream } from "../../src/graph/init.js";

export interface FakeTrainerOptions {
  readonly store: Pick<LayerStore, "get">;
  readonly training: Training;
  readonly method: Pick<Method, "keepTies" | "keepMomentum" | "initSeed">;
  /** Validation accuracy of `plan` after `cycle`, in [0, 1]; `rng` is a stream of this child and cycle. NaN breaks the child. */
  readonly accuracy?: (plan: Plan, cycle: number, rng: Rng) => number;
}

/** Rises with the cycles, in hundredths, so that ties occur. */
const rising = (_: Plan, cycle: number, rng: Rng): number =>
  Math.min(1, Math.round(100 * (0.2 + 0.1 * cycle + 0.3 * rng.uniform())) / 100);

export function fakeTrainer({ store, training, method, accuracy = rising }: FakeTrainerOptions): Trainer {
  async function trained(
    plan: Plan,
    { name, source }: Position,
    task: Task,
    rng: Rng,
    steps: number,
  ): Promise<TrainedLayer> {
    const parent = source.how === "init" ? null : decodeLayer(await store.get(source.layer.id));
    const tensors =
      parent?.tensors ?? initLayer(name, plan.shape, initStream(rng, plan.child, method.initSeed));
    const nudge = rng.child(`train/${plan.child}/${name}/${steps}`).uniform() / 100;
    for (const { data } of Object.values(tensors)) data[0] = data[0]! + nudge;
    const history = withSteps(source.how === "init" ? [] : source.layer.history, task.name, steps);
    const momentum = method.keepMomentum
      ? Object.fromEntries(Object.entries(tensors).map(([t, { data }]) => [t, new Float32Array(data.length)]))
      : null;
    return {
      name,
      bytes: encodeLayer({ name, tensors, momentum, history }),
      paramCount: componentParamCount(name, plan.shape),
      history,
    };
  }

  return {
    async *trainGeneration(plans, task, rng, signal): AsyncGenerator<Cycle> {
      const stepsPerCycle = batchesPerCycle(training, task.splits.train.count);
      const best = plans.map((): { score: number; steps: number } | null => null);
      const broken = plans.map(() => false);
      for (let cycle = 0; cycle < training.cycles; cycle++) {
        const steps = (cycle + 1) * stepsPerCycle;
        for (const [i, plan] of plans.entries()) {
          signal?.throwIfAborted();
          const given = accuracy(plan, cycle, rng.child(`accuracy/${plan.child}/${cycle}`));
          broken[i] ||= !Number.isFinite(given);
          const item: Cycle = {
            child: plan.child,
            cycle,
            accuracy: broken[i] ? 0 : given,
            loss: broken[i] ? 0 : 2 * (1 - given),
            steps,
            trainMs: 0,
          };
          const kept = isKept(plan, item.accuracy, best[i]?.score ?? null, method.keepTies);
          if (kept && !broken[i]) best[i] = { score: planScore(plan, item.accuracy), steps };
          if (cycle < training.cycles - 1) yield item;
          else yield { ...item, ...(await end(plan, best[i]?.steps ?? null, broken[i]!, task, rng)) };
        }
      }
    },

    async evaluate(model, task, split, signal) {
      await Promise.resolve(); // so that a signal can come in between, as with a real one
      signal?.throwIfAborted();
      const seed = model.path.reduce(
        (sum, layer) => (sum + Number.parseInt(layer.id.slice(0, 8), 16)) >>> 0,
        0,
      );
      const { count } = task.splits[split];
      const right = rngFromSeed(seed)
        .child(split)
        .int(count + 1);
      return { accuracy: right / count, examples: count };
    },

    async close() {},
  };

  async function end(
    plan: Plan,
    steps: number | null,
    broken: boolean,
    task: Task,
    rng: Rng,
  ): Promise<Pick<Cycle, "kept" | "failure">> {
    if (steps === null && broken)
      return { kept: null, failure: { code: "engine/diverged", message: `Child ${plan.child} diverged.` } };
    if (steps === null) return { kept: null };
    const trainable = plan.positions.filter(({ source }) => source.how !== "share");
    return {
      kept: await Promise.all(trainable.map((position) => trained(plan, position, task, rng, steps))),
    };
  }
}
