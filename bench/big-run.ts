// A large run on the disk for benchmarks: many tasks, planned by the real rules and trained by nobody, so it has no layers.

import { BACKBONES, componentNames, componentParamCount, type Shape } from "../src/core/components.js";
import type { Event, Outcome } from "../src/core/event.js";
import type { Experiment } from "../src/core/experiment.js";
import { mu2net } from "../src/core/methods.js";
import type { Layer, Plan } from "../src/core/model.js";
import { applyMutations, samplePreprocessing } from "../src/core/mutate.js";
import { rngFromSeed } from "../src/core/rng.js";
import { sampleParent, sampleSeeds } from "../src/core/sample.js";
import { bestOf } from "../src/core/score.js";
import { applyEvent, emptyState, modelOf, type State } from "../src/core/state.js";
import { preliminary } from "../src/experiments/preliminary.js";
import { createRun } from "../src/run/folder.js";
import { headerHash, type Json } from "../src/run/header.js";
import { layerIdOf } from "../src/store/layer-id.js";
import { handTask } from "../test/support/models.js";

const GENERATIONS = 8;
const CHILDREN = 8;
const CYCLES = 4;

const nameOf = (i: number): string => `task${i}`;
const idOf = (by: number | string, name: string): Layer["id"] => layerIdOf(Buffer.from(`${by} ${name}`));

/** µ2Net on `tasks` tasks, 64 children each, 24 blocks of Ti/16. */
export function bigExperiment(tasks: number): Experiment {
  const base = preliminary({
    tasks: Array.from({ length: tasks }, (_, i) => ({ name: nameOf(i), access: "public" as const })),
  });
  return {
    ...base,
    name: "big",
    root: { kind: "random", backbone: BACKBONES["Ti/16"], blocks: 24 },
    method: { ...mu2net, defaults: { ...mu2net.defaults, imageSize: 32, blocks: 24 } },
    training: { ...base.training, cycles: CYCLES },
    iterations: 1,
    generations: GENERATIONS,
    children: CHILDREN,
  };
}

/** The events of that run, an activation at a time, and the state after each. */
export function* bigEvents(experiment: Experiment): Generator<{ events: Event[]; state: State }> {
  const { method, tasks } = experiment;
  const shape: Shape = {
    backbone: BACKBONES["Ti/16"],
    imageSize: 32,
    blocks: 24,
    adapters: [],
    adapterDim: method.defaults.adapterDim,
    classes: 10,
  };
  const path = componentNames(shape).map(
    (name): Layer => ({
      name,
      id: idOf("root", name),
      paramCount: componentParamCount(name, shape),
      history: [],
    }),
  );
  let state = emptyState;
  let events: Event[] = [];
  let at = 1e12;
  const emit = (event: Event): void => {
    at += 10;
    const timed = { ...event, clock: { at, ...event.clock } };
    events.push(timed);
    state = applyEvent(state, timed);
  };
  emit({
    type: "run-started",
    format: 2,
    experiment: "big",
    seed: 0,
    tasks: tasks.map(({ name }) => handTask(name)),
  });
  emit({ type: "root-added", shape, hyperparams: method.defaults, path });
  const rng = rngFromSeed(0);
  for (const { name: task } of tasks) {
    const place = rng.child("iter0").child(task);
    emit({
      type: "activation-started",
      iteration: 0,
      task,
      seeds: sampleSeeds(state, task, method, place.child("seeds")),
    });
    for (let generation = 0; generation < GENERATIONS; generation++) {
      const draw = place.child(`g${generation}`);
      const preprocessing = samplePreprocessing(state, method, draw.child("preprocessing"));
      emit({ type: "generation-started", generation, preprocessing });
      const plans: Plan[] = [];
      for (let c = 0; c < CHILDREN; c++) {
        const { parent, rule } = sampleParent(state, method, draw.child(`c${c}`).child("parent"));
        const from = {
          child: state.models.length,
          parent,
          task,
          classes: 10,
          preprocessing,
          mutate: rule !== "seed-unmutated",
        };
        const plan = applyMutations(from, state, method, draw.child(`c${c}`).child("mutate"));
        plans.push(plan);
        emit({ type: "child-planned", plan, rule });
      }
      for (const plan of plans) {
        for (let cycle = 0; cycle < CYCLES; cycle++)
          emit({
            type: "child-validated",
            child: plan.child,
            cycle,
            steps: 8 * cycle + 8,
            accuracy: 0.5 + rng.uniform() / 4,
            loss: rng.uniform(),
            clock: { trainMs: 1234.5, engineMs: 1200.25 },
          });
        emit({ type: "child-finished", child: plan.child, outcome: outcomeOf(plan, state) });
      }
      emit({ type: "generation-ended", generation, clock: { wallMs: 15_000 } });
    }
    const best = bestOf(
      state.activation!.active.map((id) => modelOf(state, id)),
      state,
      method,
    );
    emit({ type: "activation-ended", iteration: 0, task, retained: best?.id ?? null });
    if (best) emit({ type: "model-tested", model: best.id, testAccuracy: best.accuracy! });
    yield { events, state };
    events = [];
  }
  emit({ type: "run-ended" });
  yield { events, state };
}

function outcomeOf({ child, reference, positions, task, shape }: Plan, state: State): Outcome {
  const { accuracy } = modelOf(state, child);
  if (reference !== null && accuracy! < reference) return { result: "discarded" };
  if (child % 3 !== 0) return { result: "discarded" };
  const path = positions.map(({ name, source }): Layer => {
    if (source.how === "share") return source.layer;
    const before = source.how === "init" ? [] : source.layer.history;
    const history = [...before.filter((span) => span.task !== task), { task, steps: 32 }];
    return { name, id: idOf(child, name), paramCount: componentParamCount(name, shape), history };
  });
  return { result: "improved", score: accuracy!, path };
}

/** Writes the run to the new folder `dir`. */
export async function writeBigRun(dir: string, tasks: number): Promise<State> {
  const experiment = bigExperiment(tasks);
  const folder = await createRun(dir, {
    experiment: experiment as unknown as Json,
    seed: 0,
    versions: {},
    device: "cpu",
  });
  const header = headerHash(folder.headerBytes);
  let last = emptyState;
  for (const { events, state } of bigEvents(experiment)) {
    await folder.journal.append(events.map((e) => (e.type === "run-started" ? { ...e, header } : e)));
    last = state;
  }
  await folder.close();
  return last;
}
