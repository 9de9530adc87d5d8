// How long a sweep will take: before it starts from the operations of each point, and better with every point that ends,
// since what a variant took once it will take about again.

import type { SweepPoint } from "../analysis/point.js";
import type { Experiment } from "../core/experiment.js";
import { type Variant, variantName } from "../core/variant.js";
import { curveName } from "../format/method-names.js";
import { type PlannedPoint, pointName } from "./plan.js";
import { type TrainCounts, type Work, workOf } from "./work.js";

/** A planned point with what it takes. */
export interface PointForecast {
  readonly name: string;
  readonly variant: Variant;
  readonly work: Work;
  /** Wall time. */
  readonly seconds: number;
}

/** Operations a second of one thread, how that grows with more, and what a generation takes besides: compiling, keeping layers. Measured on a Zen 3 at laptop budget; the first points correct it. */
const SPEED = 45e9;
const GROWTH = 0.8;
const GENERATION_SECONDS = 0.5;

/** Seconds that a run takes where nothing was measured yet. */
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

/** The points with their forecasts; those that have ended have what they took. `counts` are the tasks' training images. */
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

/** Measured time over prior time: of the same variant where one has ended, else of its curve, else of all. */
function corrections(
  priors: readonly PointForecast[],
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

/** Seconds of those points that have not ended. */
export const secondsLeft = (points: readonly PointForecast[], ended: readonly SweepPoint[]): number => {
  const done = new Set(ended.map(nameOf));
  return points.reduce((sum, { name, seconds }) => (done.has(name) ? sum : sum + seconds), 0);
};
