// The children of a run as a replay needs them: what the journal says of each, and what it takes to train it again.

import { type Event, effectiveEvents, type TaskRecord } from "../../core/event.js";
import { type Experiment, experimentAt } from "../../core/experiment.js";
import { ownNumbers } from "../../core/merge.js";
import type { LayerId, ModelId, Plan } from "../../core/model.js";
import { type Rng, rngFromSeed } from "../../core/rng.js";
import { emptyState, foldEvents } from "../../core/state.js";

type Validated = Extract<Event, { type: "child-validated" }>;
type Finished = Extract<Event, { type: "child-finished" }>;

/** A child whose generation has ended, as the journal tells it. */
export interface ToldChild {
  readonly plan: Plan;
  readonly validations: readonly Validated[];
  readonly outcome: Finished["outcome"];
  /** Its task, as the run had it then: one that was forgotten and added again may have other images. */
  readonly task: TaskRecord;
  /** Null if it was not tested. */
  readonly testAccuracy: number | null;
  /** The stream from which its generation was trained. */
  readonly stream: Rng;
  /** Its number in the run that trained it, by which new layers are drawn: another one if that run was merged into this. */
  readonly ownNumber: ModelId;
  /** With the settings in force when it was trained. */
  readonly experiment: Experiment;
  /** Threads of the engine then, if the journal says. */
  readonly threads: number | undefined;
}

/** All children of ended generations, in the order of their numbers. `all` are the events of a whole sound journal. */
export function toldChildren(
  all: readonly Event[],
  experiment: Experiment,
  threads: number | undefined,
): ToldChild[] {
  const threadsOf = threadsByPlan(all, threads);
  const told = new Map<ModelId, ToldChild>();
  let open: { plan: Plan; event: Event; validations: Validated[]; outcome?: Finished["outcome"] }[] = [];
  let state = emptyState;
  let waiting: Event[] = [];
  let place:
    | (Pick<ToldChild, "experiment" | "stream" | "task"> & { ownNumber: (id: ModelId) => ModelId })
    | null = null;
  for (const event of effectiveEvents(all)) {
    switch (event.type) {
      case "activation-started": {
        state = foldEvents(waiting, state);
        waiting = [];
        const now = experimentAt(experiment, state);
        const stream = rngFromSeed(now.seed).child(`iter${event.iteration}`).child(event.task);
        const task = state.tasks.find(({ name }) => name === event.task)!;
        place = { experiment: now, stream, task, ownNumber: ownNumbers(state.merging) };
        break;
      }
      case "generation-started":
        open = [];
        break;
      case "child-planned":
        open.push({ plan: event.plan, event, validations: [] });
        break;
      case "child-validated":
        open.find(({ plan }) => plan.child === event.child)?.validations.push(event);
        break;
      case "child-finished": {
        const child = open.find(({ plan }) => plan.child === event.child);
        if (child) child.outcome = event.outcome;
        break;
      }
      case "generation-ended":
        for (const { plan, event: planned, validations, outcome } of open)
          if (outcome && place)
            told.set(plan.child, {
              ...{ plan, validations, outcome, testAccuracy: null },
              stream: place.stream.child(`g${event.generation}`).child("train"),
              experiment: place.experiment,
              task: place.task,
              ownNumber: place.ownNumber(plan.child),
              threads: threadsOf.get(planned),
            });
        open = [];
        break;
      case "model-tested": {
        const child = told.get(event.model);
        if (child) told.set(event.model, { ...child, testAccuracy: event.testAccuracy });
        break;
      }
    }
    waiting.push(event);
  }
  return [...told.values()];
}

/** The threads of the engine when each child was planned: as a session that began or continued the run had them. */
function threadsByPlan(
  all: readonly Event[],
  threads: number | undefined,
): ReadonlyMap<Event, number | undefined> {
  const found = new Map<Event, number | undefined>();
  let now = threads;
  for (const event of all) {
    now = event.clock?.threads ?? now;
    if (event.type === "child-planned") found.set(event, now);
  }
  return found;
}

/** The child that trained each layer. */
export function makersOf(children: readonly ToldChild[]): ReadonlyMap<LayerId, ToldChild> {
  const makers = new Map<LayerId, ToldChild>();
  for (const child of children) for (const id of madeBy(child)) if (!makers.has(id)) makers.set(id, child);
  return makers;
}

/** The layers that a child's training made. */
function madeBy({ plan, outcome }: ToldChild): LayerId[] {
  if (outcome.result !== "improved") return [];
  const shared = new Set(
    plan.positions.flatMap(({ source }) => (source.how === "share" ? [source.layer.id] : [])),
  );
  return outcome.path.map(({ id }) => id).filter((id) => !shared.has(id));
}

/** The layers that a child begins with. */
export const neededBy = ({ plan }: ToldChild): LayerId[] => [
  ...new Set(plan.positions.flatMap(({ source }) => (source.how === "init" ? [] : [source.layer.id]))),
];
