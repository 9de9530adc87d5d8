// A run of any number of children, made up at once: evolving ten thousand would take minutes that no test has.

import { createHash } from "node:crypto";
import { List } from "../../src/core/list.js";
import type { Layer, LayerId, Model } from "../../src/core/model.js";
import { type Rng, rngFromSeed } from "../../src/core/rng.js";
import { emptyState, type State } from "../../src/core/state.js";
import { type SampleRun, sampleExperiment, sampleRun } from "./sample-run.js";

const CHILDREN = 8;
const GENERATIONS = 10;

/** Three tasks in turn, ten generations of eight an activation; about a third of the children are kept. */
export async function bigRun(children: number, seed = 1): Promise<Pick<SampleRun, "state" | "experiment">> {
  const iterations = Math.ceil(children / (3 * GENERATIONS * CHILDREN));
  const experiment = sampleExperiment({ iterations, generations: GENERATIONS, children: CHILDREN });
  const small = await sampleRun({ iterations: 1, generations: 1, children: 1 });
  return { experiment, state: bigState(children, small.state, rngFromSeed(seed)) };
}

function bigState(children: number, { models: [root], tasks, seed }: State, rng: Rng): State {
  const models: Model[] = [root!];
  const retained: Record<string, number> = {};
  let active: number[] = [];
  for (let id = 1; id <= children; id++) {
    const place = Math.floor((id - 1) / CHILDREN);
    const generation = place % GENERATIONS;
    const activation = Math.floor(place / GENERATIONS);
    const task = tasks[activation % tasks.length]!;
    if ((id - 1) % (CHILDREN * GENERATIONS) === 0) {
      settle(models, retained, active);
      active = retained[task.name] === undefined ? [] : [retained[task.name]!];
    }
    const others = Object.values(retained).filter(
      (other) => tasks.find(({ name }) => name === models[other]!.task)?.access === "public",
    );
    const pool = [...active.slice(-6), ...others, 0];
    const parent = models[pool[rng.int(Math.min(pool.length, 7))]!]!;
    const accuracy = Math.min(0.98, 0.5 + 0.4 * (1 - Math.exp(-id / 900)) + 0.1 * rng.uniform());
    const isKept = rng.uniform() < 0.35;
    models.push({
      ...root!,
      id,
      parent: parent.id,
      task: task.name,
      mutations: [{ kind: "step", name: "learningRate", from: 0.01, to: 0.02 }],
      birth: { iteration: Math.floor(activation / tasks.length), generation },
      status: isKept ? "active" : "discarded",
      path: isKept
        ? parent.path.map((layer) => (rng.uniform() < 0.4 ? trained(layer, task.name, id) : layer))
        : [],
      evaluations: Array.from({ length: 4 }, (_, i) => ({
        accuracy: accuracy - 0.02 * (3 - i),
        loss: 1 - accuracy,
      })),
      accuracy,
      steps: 40,
    });
    if (isKept) active.push(id);
  }
  settle(models, retained, active);
  const counts = new Map<number, Record<string, number>>();
  for (const { parent, task } of models)
    if (parent !== null)
      counts.set(parent, { ...counts.get(parent), [task!]: (counts.get(parent)?.[task!] ?? 0) + 1 });
  return {
    ...emptyState,
    seed,
    experiment: "preliminary",
    tasks,
    models: List.of(models.map((model) => ({ ...model, selections: counts.get(model.id) ?? {} }))),
    retained,
    activations: Math.ceil(children / (CHILDREN * GENERATIONS)),
    ended: true,
  };
}

function settle(models: Model[], retained: Record<string, number>, active: readonly number[]): void {
  const best = active.reduce((a, b) => (models[b]!.accuracy! > (models[a]?.accuracy ?? -1) ? b : a), -1);
  for (const id of active) models[id] = { ...models[id]!, status: id === best ? "retained" : "dropped" };
  if (best >= 0) retained[models[best]!.task!] = best;
}

const trained = (layer: Layer, task: string, child: number): Layer => ({
  ...layer,
  id: createHash("sha256").update(`${child}/${layer.name}`).digest("hex") as LayerId,
  history: [...layer.history.slice(-3), { task, steps: 40 }],
});
