// The progress of a run, for the people who wait for it: how far it is, how fast, and when it will end. A fold over events
// beside core/state: counts come from the state, and what depends on the clock is kept here.

import type { Event } from "../core/event.js";
import { childCount, type Experiment, experimentAt, scheduleOf } from "../core/experiment.js";
import type { ModelId, TaskName } from "../core/model.js";
import { isForgotten, type State } from "../core/state.js";
import { batchesPerCycle } from "../core/training.js";

export interface Progress {
  readonly phase: "starting" | "evolving" | "testing" | "ended";
  readonly task: TaskName | null;
  /** From 1, of `iterations`; likewise the others. 0 before the first. */
  readonly iteration: number;
  readonly iterations: number;
  readonly generation: number;
  readonly generations: number;
  /** The position in its generation of the child that was validated last, and the number of that validation. */
  readonly child: number;
  readonly children: number;
  readonly cycle: number;
  readonly cycles: number;
  /** Children that have ended, and children in total. */
  readonly childrenDone: number;
  readonly childrenTotal: number;
  /** Training examples seen, and the total of the experiment. */
  readonly examplesDone: number;
  readonly examplesTotal: number;
  /** Best validation accuracy of a kept child, by task; none for forgotten tasks. */
  readonly best: Readonly<Record<TaskName, number>>;
  /** Over roughly the last generation; null until there is something to measure. */
  readonly examplesPerSecond: number | null;
  /** Seconds to the end at that speed. */
  readonly etaSeconds: number | null;
  /** First child of the generation in flight. */
  readonly firstChild: ModelId;
  /** Times (milliseconds since the epoch) and examples seen by then, for the speed. */
  readonly samples: readonly { readonly at: number; readonly examples: number }[];
}

/** The approximate period for averaging the speed, in milliseconds, and the number of samples. */
const WINDOW_MS = 45_000;
const WINDOW_SAMPLES = 64;

/** Progress before the first event. */
export const startProgress = (experiment: Experiment): Progress => ({
  phase: "starting",
  task: null,
  iteration: 0,
  iterations: experiment.iterations,
  generation: 0,
  generations: experiment.generations,
  child: 0,
  children: experiment.children,
  cycle: 0,
  cycles: experiment.training.cycles,
  childrenDone: 0,
  childrenTotal: childCount(experiment),
  examplesDone: 0,
  examplesTotal: 0,
  best: {},
  examplesPerSecond: null,
  etaSeconds: null,
  firstChild: 1,
  samples: [],
});

/** Progress after `event`; `state` is the run's state after it. The first event may be any event of a run, because earlier ones are in the state. */
export function stepProgress(before: Progress, event: Event, state: State, experiment: Experiment): Progress {
  const known = before.phase !== "starting";
  const progress = known ? before : { ...before, ...standing(state, experiment), best: bestOfAll(state) };
  const at = event.clock?.at;
  switch (event.type) {
    case "run-started":
    case "root-added":
      return { ...progress, ...standing(state, experiment) };
    case "run-resumed":
      return { ...progress, ...standing(state, experiment), samples: [] };
    case "activation-started":
      return {
        ...progress,
        phase: "evolving",
        task: event.task,
        iteration: event.iteration + 1,
        iterations: turnsOf(event.task, state, experiment),
        generation: 0,
      };
    case "generation-started": {
      const { activation } = state;
      return sampled(
        {
          ...progress,
          phase: "evolving",
          task: activation?.task ?? progress.task,
          iteration: (activation?.iteration ?? 0) + 1,
          generation: event.generation + 1,
          child: 0,
          cycle: 0,
          firstChild: state.models.length,
        },
        at,
      );
    }
    case "child-planned":
      return progress;
    case "child-validated":
      return sampled(
        {
          ...progress,
          child: event.child - progress.firstChild + 1,
          cycle: event.cycle + 1,
          examplesDone:
            progress.examplesDone + examplesPerCycle(state, experimentAt(experiment, state), progress.task),
        },
        at,
      );
    case "child-finished": {
      const { task, accuracy } = state.models.get(event.child)!;
      const better = event.outcome.result === "improved" && (accuracy ?? 0) > (progress.best[task!] ?? -1);
      return {
        ...progress,
        childrenDone: progress.childrenDone + 1,
        best: better ? { ...progress.best, [task!]: accuracy! } : progress.best,
      };
    }
    case "generation-ended":
      return sampled({ ...progress, ...standing(state, experiment) }, at);
    case "activation-ended":
      return { ...progress, phase: "testing", ...standing(state, experiment) };
    case "model-tested":
      return progress;
    case "run-ended":
      return { ...progress, phase: "ended", etaSeconds: 0 };
    case "run-extended":
    case "run-merged":
      return { ...progress, phase: "evolving", etaSeconds: null, ...standing(state, experiment) };
    case "merge-ended":
      return {
        ...progress,
        phase: "ended",
        etaSeconds: 0,
        ...standing(state, experiment),
        best: bestOfAll(state),
      };
    case "task-forgotten": {
      const { [event.task]: _, ...best } = progress.best;
      return { ...progress, best };
    }
  }
  return event satisfies never;
}

/** Share of the work that is done, in [0, 1]. */
export const shareDone = ({ examplesDone, examplesTotal, phase }: Progress): number =>
  phase === "ended" ? 1 : examplesTotal === 0 ? 0 : Math.min(1, examplesDone / examplesTotal);

/** Work done and work left at a boundary between generations. */
function standing(state: State, experiment: Experiment) {
  const { activations, activation } = state;
  const ended = activation?.generations ?? 0;
  const work = { childrenDone: 0, childrenTotal: 0, examplesDone: 0, examplesTotal: 0 };
  for (const [i, name] of scheduleOf(experiment, state).entries()) {
    const inForce = experimentAt(experiment, state, i);
    const { generations, children, training } = inForce;
    const examples = children * training.cycles * examplesPerCycle(state, inForce, name);
    const done = i < activations ? generations : i === activations ? ended : 0;
    work.childrenDone += done * children;
    work.childrenTotal += generations * children;
    work.examplesDone += done * examples;
    work.examplesTotal += generations * examples;
  }
  const { generations, children, training } = experimentAt(experiment, state);
  return { ...work, generations, children, cycles: training.cycles };
}

/** How often the schedule activates `task`. */
const turnsOf = (task: TaskName, state: State, experiment: Experiment): number =>
  scheduleOf(experiment, state).filter((name) => name === task).length;

function examplesPerCycle({ tasks }: State, { training }: Experiment, name: TaskName | null): number {
  const task = tasks.find((record) => record.name === name);
  return task ? batchesPerCycle(training, task.train) * training.batchSize : 0;
}

function bestOfAll(state: State): Record<TaskName, number> {
  const best: Record<TaskName, number> = {};
  for (const model of state.models) {
    const { task, status, accuracy } = model;
    if (task === null || accuracy === null) continue;
    // Whether a child in training is kept is not yet known.
    if (status === "discarded" || status === "failed" || status === "training") continue;
    if (!isForgotten(state, model)) best[task] = Math.max(best[task] ?? 0, accuracy);
  }
  return best;
}

/** `progress` with one more sample of the clock, and its consequences. */
function sampled(progress: Progress, at: number | undefined): Progress {
  if (at === undefined) return progress;
  const { examplesDone, examplesTotal } = progress;
  const samples = [...progress.samples, { at, examples: examplesDone }]
    .filter((sample) => sample.at <= at && at - sample.at <= WINDOW_MS)
    .slice(-WINDOW_SAMPLES);
  const first = samples[0]!;
  const seen = examplesDone - first.examples;
  // If the window is empty or too short, the last speed stays.
  const speed =
    at - first.at > 200 && seen > 0 ? (1000 * seen) / (at - first.at) : progress.examplesPerSecond;
  return {
    ...progress,
    samples,
    examplesPerSecond: speed,
    etaSeconds: speed ? Math.max(0, examplesTotal - examplesDone) / speed : null,
  };
}
