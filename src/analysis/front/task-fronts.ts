// The front of every task of a run: its candidates by accounted parameters and validation accuracy, each point with its
// interval after selection, and the reasons to choose one. The panel, the table and the words use the same rows.

import type { ModelId, TaskName } from "../../core/model.js";
import { type State, standingTasks } from "../../core/state.js";
import { validationBatches } from "../../core/training.js";
import type { Head } from "../head.js";
import { type CandidatePoint, candidatePoints } from "../pareto.js";
import { type Rescored, rescore, type Scoring, scoringOf } from "../rescore.js";
import { chooseOnFront, type FrontChoice, type Reason } from "./choose.js";
import { type SelectionInterval, selectionInterval, standardError } from "./selection.js";

/** A reason, or "kept": what the run keeps under its scale factor. */
export type Why = Reason | "kept";

/** One candidate of a task that is on its front, or is kept beside it. */
export interface FrontPoint extends SelectionInterval {
  readonly model: ModelId;
  /** Accounted parameters, a count. */
  readonly params: number;
  readonly accuracy: number;
  readonly testAccuracy: number | null;
  readonly standardError: number;
  readonly isFront: boolean;
  /** Candidates that it dominates and no smaller point does. */
  readonly dominates: number;
  readonly why: readonly Why[];
}

export interface TaskFront {
  readonly task: TaskName;
  /** By rising size. */
  readonly points: readonly FrontPoint[];
  /** All candidates, and those that another one dominates. */
  readonly candidates: number;
  readonly dominated: readonly ModelId[];
  /** Validation images, and validations of the task's children: what a point was selected from. */
  readonly images: number;
  readonly evaluations: number;
  readonly choice: FrontChoice<CandidatePoint>;
}

/** How many validation images a run uses; for runs in older notebooks this is unknown, so all images of the task count. */
export type Validating = Pick<Head, "batchSize" | "validationExamples">;

/** The front of each task that has a candidate, beside the picks of `rescored`. */
export function taskFronts(
  state: State,
  rescored: Rescored,
  validating: Validating,
  points: readonly CandidatePoint[] = candidatePoints(state, rescored),
): TaskFront[] {
  return standingTasks(state).flatMap(({ name }) => taskFront(state, name, validating, points) ?? []);
}

/** The front of `task` among `points`; undefined if it has no candidate. */
export function taskFront(
  state: State,
  task: TaskName,
  validating: Validating,
  points: readonly CandidatePoint[],
): TaskFront | undefined {
  // Among equals, the one that is kept comes first, so that it is on the front.
  const own = points
    .filter((point) => point.task === task)
    .toSorted((a, b) => Number(b.isKept) - Number(a.isKept));
  const record = state.tasks.find(({ name }) => name === task);
  const images = imagesUsed(validating, record?.validation ?? 0);
  const choice = chooseOnFront(own, ({ accuracy }) => standardError(accuracy, images));
  if (!choice) return undefined;
  const evaluations = state.models.reduce(
    (sum, model) => sum + (model.task === task ? model.evaluations.length : 0),
    0,
  );
  const shown = [...choice.front, ...choice.dominated.flatMap(({ point }) => (point.isKept ? [point] : []))];
  return {
    task,
    points: shown
      .toSorted((a, b) => a.params - b.params)
      .map((point) => pointOf(point, choice, images, evaluations)),
    candidates: own.length,
    dominated: choice.dominated.map(({ point }) => point.model.id),
    images,
    evaluations,
    choice,
  };
}

/** The fronts of a run under its own scale factor. */
export const frontsOfRun = (state: State, method: Scoring, validating: Validating): TaskFront[] =>
  taskFronts(state, rescore(state, scoringOf(state, method)), validating);

const imagesUsed = ({ batchSize, validationExamples }: Validating, count: number): number => {
  if (validationExamples === undefined) return count;
  const { batches, size } = validationBatches({ batchSize, validationExamples }, count);
  return batches * size;
};

function pointOf(
  point: CandidatePoint,
  { front, dominated, best, frugal, knee }: FrontChoice<CandidatePoint>,
  images: number,
  evaluations: number,
): FrontPoint {
  const { model, params, accuracy, isKept } = point;
  const isFront = front.includes(point);
  const why: (Why | false)[] = [
    point === best && "best",
    point === frugal && "frugal",
    point === knee && "knee",
    isKept && "kept",
  ];
  return {
    model: model.id,
    params,
    accuracy,
    testAccuracy: model.testAccuracy,
    standardError: standardError(accuracy, images),
    // A point beside the front was not selected by that front, so only its own validations count.
    ...selectionInterval(accuracy, images, isFront ? evaluations : model.evaluations.length),
    isFront,
    dominates: dominated.filter(({ by }) => by === point).length,
    why: why.filter((each) => each !== false),
  };
}
