// Replays the draws of a run: every random number is a function of the seed and a place (core/rng), so the journal up to a
// plan determines the plan. This is the only check that runs the evolver's own code, and only its pure part. It proves what
// no rule can: that the seed drew exactly this. walk.ts proves, independently, what is possible at all.

import type { Event } from "../../core/event.js";
import type { Experiment } from "../../core/experiment.js";
import { experimentAt } from "../../core/experiment.js";
import type { Method } from "../../core/methods.js";
import type { Plan } from "../../core/model.js";
import { applyMutations, samplePreprocessing } from "../../core/mutate.js";
import { type Rng, rngFromSeed } from "../../core/rng.js";
import { sampleParent, sampleSeeds } from "../../core/sample.js";
import { emptyState, foldEvents, type State } from "../../core/state.js";
import { canonicalJson } from "../digest.js";

/** Counts of what was replayed, and what the seed did not draw. */
export interface Draws {
  readonly plans: number;
  readonly failures: readonly string[];
}

/** Replays effective events that `walkEvents` found in order. */
export function replayDraws(events: readonly Event[], experiment: Experiment): Draws {
  const failures: string[] = [];
  const differs = (index: number, what: () => string, found: unknown, draw: () => unknown): void => {
    const where = `event ${index + 1} (${events[index]!.type}): `;
    try {
      if (canonicalJson(found) !== canonicalJson(draw())) failures.push(where + what());
    } catch (error) {
      // The rules have already reported why this is impossible; here it only keeps the draw from being repeated.
      failures.push(`${where}its draw can't be repeated: ${(error as Error).message}`);
    }
  };
  let state = emptyState;
  let waiting: Event[] = []; // folded in one go, because a state is needed only where something was drawn
  const now = (): State => {
    state = foldEvents(waiting, state);
    waiting = [];
    return state;
  };
  // As the last extension left them; they change while no activation is open.
  let { method, seed } = experiment;
  let place: Rng = rngFromSeed(seed);
  let children = 0;
  let plans = 0;

  for (const [index, event] of events.entries()) {
    switch (event.type) {
      case "activation-started":
        ({ method, seed } = experimentAt(experiment, now()));
        place = rngFromSeed(seed).child(`iter${event.iteration}`).child(event.task);
        differs(
          index,
          () => "the seed draws its models to start from in another order",
          event.seeds,
          () => sampleSeeds(now(), event.task, method, place.child("seeds")),
        );
        break;
      case "generation-started":
        children = 0;
        differs(
          index,
          () => "the seed draws other preprocessing",
          event.preprocessing,
          () =>
            samplePreprocessing(now(), method, place.child(`g${event.generation}`).child("preprocessing")),
        );
        break;
      case "child-planned": {
        const { plan, rule } = event;
        const generation = now().activation?.generations;
        const draw = place.child(`g${generation}`).child(`c${children}`);
        differs(
          index,
          () => `the seed draws another parent for model ${plan.child} than ${plan.parent} by "${rule}"`,
          [plan.parent, rule],
          () => {
            const drawn = sampleParent(now(), method, draw.child("parent"));
            return [drawn.parent.id, drawn.rule];
          },
        );
        differs(
          index,
          () => `the seed draws other mutations for model ${plan.child}`,
          drawnPart(plan),
          () => drawnPart(replan(event, now(), method, draw.child("mutate"))),
        );
        children += 1;
        plans += 1;
        break;
      }
    }
    waiting.push(event);
  }
  return { plans, failures };
}

/** The plan that the seed draws for the parent that the journal has. */
function replan(
  { plan, rule }: Extract<Event, { type: "child-planned" }>,
  state: State,
  method: Method,
  rng: Rng,
): Plan {
  const { child, task, shape } = plan;
  const preprocessing = state.activation!.preprocessing!;
  const mutate = rule !== "seed-unmutated";
  const parentage = { child, task, classes: shape.classes, preprocessing, mutate };
  return applyMutations({ ...parentage, parent: state.models.get(plan.parent)! }, state, method, rng);
}

/** A plan without its computed parts: powers differ in their last digit between versions of a JavaScript engine. */
const drawnPart = ({ reference: _reference, sizeFactor: _sizeFactor, formula: _formula, ...plan }: Plan) =>
  plan;
