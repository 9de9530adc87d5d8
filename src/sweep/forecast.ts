// Forecasts the duration of a sweep: at first from the operations of each point, then better with every point that ends,
// because a variant takes about as long each time.

import type { SweepPoint } from "../analysis/point.js";
import type { Experiment } from "../core/experiment.js";
import { type Variant, variantName } from "../core/variant.js";
import { curveName } from "../format/method-names.js";
import { type PlannedPoint, pointName } from "./plan.js";
import { type TrainCounts, type Work, workOf } from "./work.js";

/** A planned point with its work. */
export interface PointForecast {
  readonly name: string;
  readonly variant: Variant;
  readonly work: Work;
  /** Wall time. */
  readonly seconds: number;
}

/** Operations per second of one thread, how that grows with more threads, and the overhead of a generation (compiling, keeping layers). Measured on a Zen 3 at laptop budget; the first points correct it. */
const SPEED = 45e9;
const GROWTH = 0.8;
const GENERATION_SECONDS = 0.5;

/** Estimated seconds of a run before anything was measured. */
export function priorSeconds(
  { computed }: Pick<Work, "computed">,
  experiment: Experiment,
  threads: number,
): number {
  const { tasks, iterations, generations } = experiment;
  return (
    computed / (SPEED * threads ** GROWTH) + tasks.length * iterations * generations * GENERATION_SECONDS
  );
}

/** The points with their forecasts, or their actual times if they have ended. `counts` are the tasks' training images. */
export function forecastOf(
  planned: readonly PlannedPoint[],
  ended: readonly SweepPoint[],
  counts: TrainCounts,
  threads: number,
): PointForecast[] {
  const priors = planned.map(({ name, variant, experiment }) => {
    const work = workOf(experiment, variant, counts);
    return { name, variant, work, seconds: priorSeconds(work, experiment, threads) };
  });
  const measured = new Map(ended.map((point) => [nameOf(point), point.cost.wallSeconds]));
  const ratio = corrections(priors, measured);
  return priors.map((prior) => ({
    ...prior,
    seconds: measured.get(prior.name) ?? prior.seconds * ratio(prior.variant),
  }));
}

/** The ratio of measured to estimated time, of the same variant if one has ended, or of its curve, or of all. */
export function corrections(
  priors: readonly Pick<PointForecast, "name" | "variant" | "seconds">[],
  measured: ReadonlyMap<string, number>,
): (variant: Variant) => number {
  const sums = new Map<string, { measured: number; prior: number }>();
  for (const { name, variant, seconds } of priors) {
    const took = measured.get(name);
    if (took === undefined) continue;
    for (const group of groupsOf(variant)) {
      const sum = sums.get(group) ?? { measured: 0, prior: 0 };
      sums.set(group, { measured: sum.measured + took, prior: sum.prior + seconds });
    }
  }
  return (variant) => {
    const group = groupsOf(variant).find((name) => (sums.get(name)?.prior ?? 0) > 0);
    const sum = group === undefined ? undefined : sums.get(group);
    return sum ? sum.measured / sum.prior : 1;
  };
}

const groupsOf = (variant: Variant): string[] => [
  `variant/${variantName(variant)}`,
  `curve/${curveName(variant)}`,
  "all",
];

const nameOf = ({ variant, repetition }: SweepPoint): string => pointName(variant, repetition);

/** Forecast seconds of the points that have not ended. */
export const secondsLeft = (points: readonly PointForecast[], ended: readonly SweepPoint[]): number => {
  const done = new Set(ended.map(nameOf));
  return points.reduce((sum, { name, seconds }) => (done.has(name) ? sum : sum + seconds), 0);
};
