// How much a task's accuracy varies between repetitions, against how hard it is and how many images it has (µ2Net Fig. 4).

import type { TaskName } from "../../core/model.js";
import type { SweepPoint } from "../point.js";
import { mean, populationStd } from "../stats.js";
import { taskPairs } from "./groups.js";

/** One task over the repetitions of one variant; per cent. */
export interface SpreadPoint {
  readonly task: TaskName;
  readonly std: number;
  /** Mean test error. */
  readonly error: number;
  readonly trainPerClass: number;
}

/** Tasks with at least two repetitions and a deviation above 0, which a logarithm needs. */
export const spreadPoints = (points: readonly SweepPoint[]): SpreadPoint[] =>
  taskPairs(points).flatMap(({ task, models }) => {
    const tests = models.map(({ testAccuracy }) => 100 * testAccuracy);
    const std = populationStd(tests);
    const error = 100 - mean(tests);
    if (models.length < 2 || std === 0 || error <= 0) return [];
    const { images, classes } = models[0]!;
    return [{ task, std, error, trainPerClass: images.train / classes }];
  });

/** A least-squares line through points on logarithmic axes, y = 10^(a + b log10 x); null for fewer than three points or a single x. */
export interface LogLine {
  readonly slope: number;
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
}

/** The line through (x, y), both above 0. */
export function logLine(points: readonly (readonly [x: number, y: number])[]): LogLine | null {
  const logs = points.map(([x, y]) => [Math.log10(x), Math.log10(y)] as const);
  const [cx, cy] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const spread = logs.reduce((sum, [x]) => sum + (x - cx) ** 2, 0);
  if (points.length < 3 || spread < 1e-12) return null;
  const slope = logs.reduce((sum, [x, y]) => sum + (x - cx) * (y - cy), 0) / spread;
  const at = (x: number) => [x, 10 ** (cy + slope * (Math.log10(x) - cx))] as const;
  const xs = points.map(([x]) => x);
  return { slope, from: at(Math.min(...xs)), to: at(Math.max(...xs)) };
}
