// Knowledge exchange between tasks (muNet Fig. 6 and 7) and layers that final models share.

import type { TaskName } from "../../core/model.js";
import type { SweepPoint } from "../point.js";

/** How often models made for `source` are ancestors of `task`'s final models, over all repetitions. */
export interface ExchangeCell {
  readonly task: TaskName;
  readonly source: TaskName;
  readonly count: number;
  /** Share of all ancestors of the task's models, in [0, 1]; 0 if it has none. */
  readonly share: number;
}

/** Tasks × tasks, row by row: the ancestors of each task's final models by task, without the model itself and the root. */
export function exchangeCells(points: readonly SweepPoint[]): ExchangeCell[] {
  const tasks = tasksOf(points);
  return tasks.flatMap((task) => {
    const models = points.flatMap((point) => point.tasks.filter((model) => model.task === task));
    const counts = tasks.map((source) =>
      models.reduce((sum, { ancestors }) => sum + (ancestors[source] ?? 0), 0),
    );
    const all = counts.reduce((a, b) => a + b, 0);
    return tasks.map((source, i) => ({
      task,
      source,
      count: counts[i]!,
      share: all === 0 ? 0 : counts[i]! / all,
    }));
  });
}

/** An arrow of muNet Fig. 7; `weight` in [1/3, 1] is (count + 0.5 · rowsum) / (1.5 · rowsum). */
export interface FlowEdge extends ExchangeCell {
  readonly weight: number;
}

/** Arrows from every source of a task; the task itself has no arrow but counts in the row's sum. */
export function flowEdges(cells: readonly ExchangeCell[]): FlowEdge[] {
  const sums = new Map<TaskName, number>();
  for (const { task, count } of cells) sums.set(task, (sums.get(task) ?? 0) + count);
  return cells.flatMap((cell) => {
    if (cell.count === 0 || cell.task === cell.source) return [];
    const sum = sums.get(cell.task)!;
    return [{ ...cell, weight: (cell.count + 0.5 * sum) / (1.5 * sum) }];
  });
}

/** Layers that the final models of two tasks have in common; on the diagonal all layers of one. */
export interface SharedCell {
  readonly task: TaskName;
  readonly other: TaskName;
  /** Mean over repetitions. */
  readonly layers: number;
  /** Parameters in them, a count, mean over repetitions. */
  readonly params: number;
}

/** Tasks × tasks, row by row. */
export function sharedCells(points: readonly SweepPoint[]): SharedCell[] {
  const tasks = tasksOf(points);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
  // By point: each task's layers, by id.
  const layersOf = points.map(
    (point) =>
      new Map(
        point.tasks.map(({ task, layers }) => [task, new Map(layers.map((layer) => [layer.id, layer]))]),
      ),
  );
  return tasks.flatMap((task) =>
    tasks.map((other) => {
      const common = layersOf.flatMap((layers) => {
        const [a, b] = [layers.get(task), layers.get(other)];
        return a && b ? [[...a.values()].filter(({ id }) => b.has(id))] : [];
      });
      return {
        task,
        other,
        layers: mean(common.map((layers) => layers.length)),
        params: mean(common.map((layers) => layers.reduce((sum, { paramCount }) => sum + paramCount, 0))),
      };
    }),
  );
}

/** All tasks of the points, in the order of the first that has them. */
export const tasksOf = (points: readonly SweepPoint[]): TaskName[] => [
  ...new Set(points.flatMap(({ tasks }) => tasks.map(({ task }) => task))),
];
