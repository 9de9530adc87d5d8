// muNet Tables 1, 2, 6 and 7: every variant with its quality, size and cost, and task by task. ± is the population
// deviation over repetitions, as in the paper.

import type { TaskName } from "../../core/model.js";
import type { Variant } from "../../core/variant.js";
import type { SweepPoint } from "../point.js";
import { mean, populationStd } from "../stats.js";
import { groupPoints, paramsOf, taskPairs, testOf } from "./groups.js";

/** One variant over its repetitions. Accuracies in [0, 1], parameters are counts; costs are means of one repetition. */
export interface MethodRow {
  readonly variant: Variant;
  readonly runs: number;
  readonly testMax: number;
  readonly test: number;
  readonly testStd: number;
  readonly params: number;
  readonly paramsStd: number;
  readonly coreHours: number;
  readonly wallHours: number;
  readonly examples: number;
  readonly flops: number;
  readonly children: number;
}

/** muNet Tables 1 and 2. */
export const methodRows = (points: readonly SweepPoint[]): MethodRow[] =>
  groupPoints(points).map(({ variant, points: own }) => {
    const tests = own.map(testOf);
    const params = own.map(paramsOf);
    const cost = (of: (cost: SweepPoint["cost"]) => number) => mean(own.map((point) => of(point.cost)));
    return {
      variant,
      runs: own.length,
      testMax: Math.max(...tests),
      test: mean(tests),
      testStd: populationStd(tests),
      params: mean(params),
      paramsStd: populationStd(params),
      coreHours: cost(({ coreSeconds }) => coreSeconds / 3600),
      wallHours: cost(({ wallSeconds }) => wallSeconds / 3600),
      examples: cost(({ examples }) => examples),
      flops: cost(({ flops }) => flops),
      children: cost(({ children }) => children),
    };
  });

/** One task of one variant. */
export interface TaskRow {
  readonly variant: Variant;
  readonly task: TaskName;
  readonly runs: number;
  readonly test: number;
  readonly testStd: number;
  readonly validation: number;
  readonly validationStd: number;
  readonly params: number;
  readonly blocks: number;
}

/** muNet Tables 6 and 7, one row per cell. */
export const taskRows = (points: readonly SweepPoint[]): TaskRow[] =>
  groupPoints(points).flatMap(({ variant, points: own }) =>
    taskPairs(own).map(({ task, models }) => {
      const of = (value: (model: (typeof models)[number]) => number) => models.map(value);
      const tests = of(({ testAccuracy }) => testAccuracy);
      const validations = of(({ validationAccuracy }) => validationAccuracy);
      return {
        variant,
        task,
        runs: models.length,
        test: mean(tests),
        testStd: populationStd(tests),
        validation: mean(validations),
        validationStd: populationStd(validations),
        params: mean(of(({ accountedParams }) => accountedParams)),
        blocks: mean(of(({ hyperparams }) => hyperparams.blocks)),
      };
    }),
  );
