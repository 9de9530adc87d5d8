// Statistics of one repetition that claims are tested on: trends over the scale factor, and who builds on whom.

import type { SweepPoint } from "../point.js";
import { mean } from "../stats.js";
import type { VariantGroup } from "./groups.js";

/** Least-squares slope of `of(point)` over the number of the group in its list, for each repetition that all groups have. */
export function slopes(curve: readonly VariantGroup[], of: (point: SweepPoint) => number): number[] {
  const repetitions = (curve[0]?.points ?? []).map(({ repetition }) => repetition);
  return repetitions.flatMap((repetition) => {
    const values = curve.flatMap(({ points }) =>
      points.filter((point) => point.repetition === repetition).map(of),
    );
    if (values.length < curve.length || values.some((value) => !Number.isFinite(value))) return [];
    const center = (values.length - 1) / 2;
    const spread = values.reduce((sum, _, i) => sum + (i - center) ** 2, 0);
    return [values.reduce((sum, value, i) => sum + (i - center) * value, 0) / spread];
  });
}

/** The mean of a numeric hyperparameter over all children of a point; NaN if it was never sampled. */
function sampledMean({ sampled }: SweepPoint, name: string): number {
  const counts = Object.entries(sampled[name] ?? {});
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return counts.reduce((sum, [value, count]) => sum + Number(value) * count, 0) / all;
}

export const blockCounts = (point: SweepPoint): number => sampledMean(point, "blocks");
export const adapterSizes = (point: SweepPoint): number => sampledMean(point, "adapterDim");

/** Mean net exports of the tasks with more training images than the median minus that of the others: ancestors of other tasks' final models that are the task's, less ancestors of its own that are others'. Null if all have as many images. */
export function netExports({ tasks }: SweepPoint): number | null {
  const images = tasks.map((model) => model.images.train).sort((a, b) => a - b);
  const median = images[Math.floor((images.length - 1) / 2)]!;
  const nets = tasks.map(({ task, images: { train }, ancestors }) => {
    const exported = tasks.reduce(
      (sum, other) => (other.task === task ? sum : sum + (other.ancestors[task] ?? 0)),
      0,
    );
    const imported = Object.entries(ancestors).reduce(
      (sum, [source, count]) => (source === task ? sum : sum + count),
      0,
    );
    return { isLarge: train > median, net: exported - imported };
  });
  const of = (isLarge: boolean) => nets.filter((one) => one.isLarge === isLarge).map(({ net }) => net);
  const [large, small] = [of(true), of(false)];
  return large.length === 0 || small.length === 0 ? null : mean(large) - mean(small);
}
