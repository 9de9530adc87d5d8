// Measures what a published number counts on our own points: one value per repetition, in the paper's unit.

import type { Quantity, Target } from "../paper/target.js";
import type { PointTask, SweepPoint } from "../point.js";
import { mean, populationStd } from "../stats.js";
import { paramsOf, testOf } from "./groups.js";

/** Our values for `target` from the points of its variant; `full` are those of full fine-tuning, for relative numbers. */
export function measure(
  target: Target,
  points: readonly SweepPoint[],
  full: readonly SweepPoint[],
): readonly number[] {
  if (target.task !== null) return ofTask(target, points);
  const baseline = (repetition: number) => full.find((point) => point.repetition === repetition);
  const relative = (of: (point: SweepPoint, other: SweepPoint) => number) =>
    points.flatMap((point) => {
      const other = baseline(point.repetition);
      return other ? [of(point, other)] : [];
    });
  const values: Record<Quantity, () => readonly number[]> = {
    test: () => points.map((point) => 100 * testOf(point)),
    "test-max": () => [100 * Math.max(...points.map(testOf))],
    params: () => points.map((point) => paramsOf(point) / 1e6),
    added: () => points.map((point) => paramsOf(point) / 1e6),
    "core-hours": () => points.map(({ cost }) => cost.coreSeconds / 3600),
    blocks: () => [mean(best(points).tasks.map(({ hyperparams }) => hyperparams.blocks))],
    "test-gain": () => relative((point, other) => 100 * (testOf(point) - testOf(other))),
    "test-ratio": () =>
      full.length === 0 ? [] : [100 * (Math.max(...points.map(testOf)) / Math.max(...full.map(testOf)) - 1)],
    "params-cut": () => relative((point, other) => 100 * (1 - paramsOf(point) / paramsOf(other))),
    transfer: () => [],
    "system-params": () => points.map((point) => systemParams(point) / 1e6),
    activated: () =>
      points.map((point) => (100 * mean(point.tasks.map(modelParams))) / Math.max(1, systemParams(point))),
    std: () => (points.length < 2 ? [] : [meanStd(points)]),
  };
  return values[target.quantity]();
}

function ofTask({ task, quantity, from }: Target, points: readonly SweepPoint[]): number[] {
  const models = points.flatMap((point) => point.tasks.filter((model) => model.task === task));
  if (quantity === "transfer") return models.map(({ transfer }) => 100 * (transfer[from!] ?? 0));
  return models.map(({ testAccuracy }) => 100 * testAccuracy);
}

/** The repetition with the best mean test accuracy. */
export const best = (points: readonly SweepPoint[]): SweepPoint =>
  points.reduce((top, point) => (testOf(point) > testOf(top) ? point : top));

const modelParams = ({ layers }: PointTask): number =>
  layers.reduce((sum, { paramCount }) => sum + paramCount, 0);

/** Parameters of the distinct layers of all final models; a count. */
export const systemParams = ({ tasks }: SweepPoint): number =>
  [
    ...new Map(tasks.flatMap(({ layers }) => layers.map((layer) => [layer.id, layer.paramCount]))).values(),
  ].reduce((sum, count) => sum + count, 0);

function meanStd(points: readonly SweepPoint[]): number {
  const tasks = points[0]!.tasks.map(({ task }) => task);
  return mean(
    tasks.map((task) =>
      populationStd(
        points.flatMap((point) =>
          point.tasks.filter((model) => model.task === task).map(({ testAccuracy }) => 100 * testAccuracy),
        ),
      ),
    ),
  );
}
