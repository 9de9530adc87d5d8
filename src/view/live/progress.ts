// How far a run is and how fast it goes, folded from its events. Only what the state doesn't say: rates come from the
// events' clocks, so time in which the run was paused or closed doesn't count.

import type { Event } from "../../core/event.js";
import { childCount, type Experiment } from "../../core/experiment.js";
import type { ModelId } from "../../core/model.js";

export interface Progress {
  /** Children that ended, of all that the experiment plans. */
  readonly done: number;
  readonly total: number;
  /** Generation in flight, from 0; -1 before the first. */
  readonly generation: number;
  /** Validations of the generation in flight, of all that it will have. */
  readonly validated: number;
  readonly validations: number;
  /** Child that was validated last. */
  readonly child: ModelId | null;
  /** Training examples a second, all children together, validation included; null before the first validation. */
  readonly examplesPerSecond: number | null;
  /** Estimate for the rest of the run, in seconds of running. */
  readonly etaSeconds: number | null;
  /** Training and validation so far, in seconds. */
  readonly trainSeconds: number;
}

/** A progress with what its next step needs. */
export interface ProgressFold extends Progress {
  /** Moving averages: milliseconds a validation, and wall time by training time of a generation. */
  readonly msPerValidation: number | null;
  readonly overhead: number;
  /** Training time of the generation in flight, milliseconds. */
  readonly generationMs: number;
}

/** Weight of the newest value in a moving average; about the last 20 validations count. */
const NEWEST = 0.1;

const average = (before: number | null, value: number, weight = NEWEST): number =>
  before === null ? value : before + weight * (value - before);

export const noProgress = (experiment: Experiment): ProgressFold => ({
  done: 0,
  total: childCount(experiment),
  generation: -1,
  validated: 0,
  validations: experiment.children * experiment.training.cycles,
  child: null,
  examplesPerSecond: null,
  etaSeconds: null,
  trainSeconds: 0,
  msPerValidation: null,
  overhead: 1.1,
  generationMs: 0,
});

/** The progress after one more effective event. */
export function stepProgress(before: ProgressFold, event: Event, experiment: Experiment): ProgressFold {
  switch (event.type) {
    case "generation-started":
      return { ...before, generation: event.generation, validated: 0, generationMs: 0 };
    case "child-validated": {
      const ms = event.clock?.trainMs ?? 0;
      const examples = (event.steps / (event.cycle + 1)) * experiment.training.batchSize;
      const next = {
        ...before,
        child: event.child,
        validated: before.validated + 1,
        trainSeconds: before.trainSeconds + ms / 1000,
        generationMs: before.generationMs + ms,
        msPerValidation: ms > 0 ? average(before.msPerValidation, ms) : before.msPerValidation,
        examplesPerSecond:
          ms > 0 ? average(before.examplesPerSecond, (1000 * examples) / ms) : before.examplesPerSecond,
      };
      return { ...next, etaSeconds: eta(next, experiment) };
    }
    case "child-finished":
      return { ...before, done: before.done + 1 };
    case "generation-ended": {
      const wall = event.clock?.wallMs ?? 0;
      // A pause lies in the wall time too; nobody's overhead is threefold.
      const ratio = before.generationMs > 0 ? wall / before.generationMs : 0;
      const overhead = ratio >= 1 && ratio < 3 ? average(before.overhead, ratio, 0.5) : before.overhead;
      const next = { ...before, overhead };
      return { ...next, etaSeconds: eta(next, experiment) };
    }
    case "run-ended":
      return { ...before, etaSeconds: 0 };
    default:
      return before;
  }
}

function eta(
  { msPerValidation, overhead, done, total, validated, validations }: ProgressFold,
  experiment: Experiment,
) {
  if (msPerValidation === null) return null;
  const { cycles } = experiment.training;
  // Children end with their last validation, at the end of their generation: what it did already counts as done.
  const inFlight =
    validated < validations ? Math.max(0, validated - (done % experiment.children) * cycles) : 0;
  const left = Math.max(0, (total - done) * cycles - inFlight);
  return (left * msPerValidation * overhead) / 1000;
}

/** The progress after all of a run's effective events. */
export const progressOf = (events: Iterable<Event>, experiment: Experiment): ProgressFold =>
  [...events].reduce((progress, event) => stepProgress(progress, event, experiment), noProgress(experiment));

/** Only what travels. */
export const publicProgress = ({
  msPerValidation: _,
  overhead: __,
  generationMs: ___,
  ...progress
}: ProgressFold): Progress => progress;
