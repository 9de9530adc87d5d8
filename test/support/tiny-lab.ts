// A whole evolution in memory: tiny tasks, the fake trainer, a counting clock.

import type { Event } from "../../src/core/event.js";
import type { Experiment } from "../../src/core/experiment.js";
import { rngFromSeed } from "../../src/core/rng.js";
import { applyEvent, emptyState, foldEvents, type State } from "../../src/core/state.js";
import { evolve, type Lab } from "../../src/evolve.js";
import { rootEvents } from "../../src/run/root.js";
import { memoryStore } from "../../src/store/memory.js";
import { type FakeTrainerOptions, fakeTrainer } from "./fake-trainer.js";
import { taskRecord, tinyTasks } from "./tiny.js";

export interface TinyLab extends Lab {
  /** The first two events: run-started and root-added. */
  readonly beginning: readonly Event[];
}

export async function tinyLab(
  experiment: Experiment,
  accuracy?: FakeTrainerOptions["accuracy"],
): Promise<TinyLab> {
  const store = memoryStore();
  const tasks = tinyTasks(experiment);
  const rng = rngFromSeed(experiment.seed);
  let clock = 0;
  const now = () => ++clock;
  const { training, method } = experiment;
  const trainer = fakeTrainer({ store, training, method, ...(accuracy && { accuracy }) });
  const records = [...tasks.values()].map(taskRecord);
  const beginning = await rootEvents(experiment, records, store, rng, now);
  return { trainer, store, tasks, rng, now, beginning };
}

/** All events of `experiment`, and the state after them. */
export async function evolveTiny(
  experiment: Experiment,
  accuracy?: FakeTrainerOptions["accuracy"],
): Promise<{ events: Event[]; state: State; lab: TinyLab }> {
  const lab = await tinyLab(experiment, accuracy);
  const events = [...lab.beginning];
  for await (const event of evolve(foldEvents(events), experiment, lab)) events.push(event);
  return { events, state: events.reduce(applyEvent, emptyState), lab };
}
