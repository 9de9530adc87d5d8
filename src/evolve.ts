// ★ Algorithm 1 of µ2Net (muNet's is the same loop under another `Method`) as one async generator: it samples parents, plans
// children, has a generation trained, keeps what is better, and yields an event for each step. Its only state is the fold of
// its own events, so it can start wherever a journal ends. Not pulling pauses it; `return()` stops it. The line numbers in
// the margin are those of Algorithm 1 in arXiv 2205.12755.

import type { Event, EventBody, Outcome } from "./core/event.js";
import { type Experiment, experimentAt, scheduleOf } from "./core/experiment.js";
import { retainedModels } from "./core/live.js";
import type { Layer, Model, ModelId, Plan } from "./core/model.js";
import { applyMutations, samplePreprocessing } from "./core/mutate.js";
import { type Rng, rngFromSeed } from "./core/rng.js";
import { sampleParent, sampleSeeds } from "./core/sample.js";
import { bestOf, planScore } from "./core/score.js";
import type { Cycle, LayerStore, TrainedLayer, Trainer } from "./core/seams.js";
import { applyEvent, modelOf, type State } from "./core/state.js";
import type { Task } from "./core/task.js";

export interface Lab {
  readonly trainer: Trainer;
  readonly store: LayerStore;
  /** The experiment's tasks, by name. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** The run's stream; every draw comes from a child stream named after its place. */
  readonly rng: Rng;
  /** Milliseconds since the epoch; goes to `clock` fields only. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Evolves from `start`, which must be at a boundary (core/event), to the end of the experiment. */
export async function* evolve(start: State, experiment: Experiment, lab: Lab): AsyncGenerator<Event, void> {
  let state = start;
  const emit = (body: EventBody, clock = {}): Event => {
    const event: Event = { ...body, clock: { at: lab.now(), ...clock } };
    state = applyEvent(state, event);
    return event;
  };

  for (const schedule = scheduleOf(experiment, state); ; ) {
    for (const model of retainedModels(state)) {
      if (model.task === null || model.testAccuracy !== null) continue; // tested once, because it can't change
      const began = lab.now();
      const { accuracy } = await lab.trainer.evaluate(model, lab.tasks.get(model.task)!, "test", lab.signal);
      const clock = { engineMs: lab.now() - began };
      yield emit({ type: "model-tested", model: model.id, testAccuracy: accuracy }, clock);
    }
    const name = schedule[state.activations]; // l. 1–2
    if (name === undefined) break;
    const task = lab.tasks.get(name)!;
    const { method, children, generations, seed } = experimentAt(experiment, state);
    const iteration = schedule.slice(0, state.activations).filter((earlier) => earlier === name).length;
    const stream = seed === experiment.seed ? lab.rng : rngFromSeed(seed);
    const place = stream.child(`iter${iteration}`).child(task.name);
    if (!state.activation) {
      const seeds = sampleSeeds(state, task.name, method, place.child("seeds"));
      yield emit({ type: "activation-started", iteration, task: task.name, seeds }); // l. 3–5
    }

    while (state.activation!.generations < generations) {
      const generation = state.activation!.generations; // l. 6
      const rng = place.child(`g${generation}`);
      const began = lab.now();
      const preprocessing = samplePreprocessing(state, method, rng.child("preprocessing"));
      yield emit({ type: "generation-started", generation, preprocessing });
      const plans: Plan[] = [];
      for (let c = 0; c < children; c++) {
        const draw = rng.child(`c${c}`);
        const { parent, rule } = sampleParent(state, method, draw.child("parent")); // l. 8–16
        const mutate = rule !== "seed-unmutated";
        const from = {
          child: state.models.length,
          parent,
          task: task.name,
          classes: task.classes,
          preprocessing,
          mutate,
        };
        const plan = applyMutations(from, state, method, draw.child("mutate")); // l. 17–24
        plans.push(plan);
        yield emit({ type: "child-planned", plan, rule });
      }
      const byChild = new Map(plans.map((plan) => [plan.child, plan]));
      const endings: { child: ModelId; outcome: Promise<Outcome> }[] = [];
      for await (const cycle of lab.trainer.trainGeneration(plans, task, rng.child("train"), lab.signal)) {
        const { child, accuracy, loss, steps, trainMs, engineMs = 0 } = cycle; // l. 25–32
        if (!cycle.failure)
          yield emit(
            { type: "child-validated", child, cycle: cycle.cycle, steps, accuracy, loss },
            { trainMs, engineMs },
          );
        const outcome = outcomeOf(cycle, byChild.get(child)!, modelOf(state, child), lab.store);
        outcome?.catch(() => {}); // reported where it is awaited below
        if (outcome) endings.push({ child, outcome }); // all children wait for the disk together
      }
      for (const { child, outcome } of endings)
        yield emit({ type: "child-finished", child, outcome: await outcome });
      yield emit({ type: "generation-ended", generation }, { wallMs: lab.now() - began });
    }

    const candidates = state.activation!.active.map((id) => modelOf(state, id));
    const best = bestOf(candidates, state, method);
    yield emit({ type: "activation-ended", iteration, task: task.name, retained: best?.id ?? null }); // l. 34–35
  }
  if (!state.ended) yield emit({ type: "run-ended" });
}

/** The outcome of a child after its last validation. Its layers are in the store before any event names them. */
function outcomeOf(cycle: Cycle, plan: Plan, model: Model, store: LayerStore): Promise<Outcome> | undefined {
  if (cycle.failure) return Promise.resolve({ result: "failed", ...cycle.failure });
  if (cycle.kept === undefined) return undefined;
  if (cycle.kept === null) return Promise.resolve({ result: "discarded" });
  return improved(cycle.kept, plan, model, store);
}

async function improved(
  kept: readonly TrainedLayer[],
  plan: Plan,
  model: Model,
  store: LayerStore,
): Promise<Outcome> {
  const put = async ({ bytes, name, paramCount, history }: TrainedLayer): Promise<[string, Layer]> => [
    name,
    { name, id: await store.put(bytes), paramCount, history },
  ];
  const trained = new Map(await Promise.all(kept.map(put)));
  const path = plan.positions.map(({ name, source }) =>
    source.how === "share" ? source.layer : trained.get(name)!,
  );
  return { result: "improved", score: planScore(plan, model.accuracy!), path };
}
