// How long a programme will take, before it begins: by the operations of each segment, like a sweep's forecast.

import { variantOfMethod } from "../analysis/sweep-point.js";
import type { TaskName } from "../core/model.js";
import { type PlannedSegment, type Programme, segmentsOf } from "../core/programme.js";

import { taskNamed } from "../data/catalog/catalog.js";
import { splitSizes } from "../data/splits.js";
import { priorSeconds } from "../sweep/forecast.js";
import { type TrainCounts, workOf } from "../sweep/work.js";

export interface SegmentForecast extends PlannedSegment {
  /** Activations of all its copies; a count. */
  readonly activations: number;
  /** Children of all its copies; a count. */
  readonly children: number;
  /** Wall time of all its copies on `threads` threads of a laptop's processor. */
  readonly seconds: number;
}

/** Every segment with its forecast. Tasks that are not in the catalog count as having no images. */
export function forecastOf(programme: Programme, threads: number): SegmentForecast[] {
  return segmentsOf(programme).map((segment) => {
    const { experiment, tasks, iterations, replicas } = segment;
    const copies = replicas?.copies ?? 1;
    const {
      method,
      validationFraction,
      limit = Number.POSITIVE_INFINITY,
      generations,
      children,
    } = experiment;
    const counts: TrainCounts = Object.fromEntries(
      tasks.map(({ name }): [TaskName, number] => [
        name,
        Math.min(limit, splitSizes(taskNamed(name), validationFraction).train),
      ]),
    );
    const work = workOf(experiment, variantOfMethod(method), counts);
    const activations = tasks.length * iterations * copies;
    return {
      ...segment,
      activations,
      children: activations * generations * children,
      seconds: copies * priorSeconds(work, experiment, threads),
    };
  });
}
