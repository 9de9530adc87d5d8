// Hyperparameters over a sweep: which values were sampled under each configuration (muNet Fig. 8), which the final models
// have (µ2Net Fig. 5), and how they went along a lineage.

import type { HyperparamName } from "../../core/hyperparams.js";
import type { TaskName } from "../../core/model.js";
import { variantLabel } from "../../format/method-names.js";
import type { SweepPoint } from "../point.js";
import { groupPoints } from "./groups.js";

/** One value of one hyperparameter under one configuration. */
export interface HyperparamShare {
  readonly method: string;
  readonly hyperparam: string;
  readonly value: string;
  /** Place of the value among those of the hyperparameter. */
  readonly order: number;
  readonly count: number;
  /** Of all samples of the hyperparameter under the configuration, in [0, 1]. */
  readonly share: number;
}

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Values of all sampled children, by variant. Hyperparameters that never vary are left out. muNet Fig. 8. */
export const sampledShares = (points: readonly SweepPoint[]): HyperparamShare[] =>
  shares(
    groupPoints(points)
      .filter(({ points: own }) => own.some(({ sampled }) => Object.keys(sampled).length > 0))
      .map(({ variant, points: own }) => ({
        method: variantLabel(variant),
        counts: summed(own.map(({ sampled }) => sampled)),
      })),
  );

/** Values of the final models of all tasks, by variant. µ2Net Fig. 5. */
export const finalShares = (points: readonly SweepPoint[]): HyperparamShare[] =>
  shares(
    groupPoints(points).map(({ variant, points: own }) => ({
      method: variantLabel(variant),
      counts: summed(
        own.flatMap(({ tasks }) =>
          tasks.map(({ hyperparams }) =>
            Object.fromEntries(
              Object.entries(hyperparams).map(([name, value]) => [name, { [String(value)]: 1 }]),
            ),
          ),
        ),
      ),
    })),
  );

function summed(all: readonly Counts[]): Counts {
  const sums: Record<string, Record<string, number>> = {};
  for (const counts of all)
    for (const [name, values] of Object.entries(counts)) {
      const sum = sums[name] ?? {};
      for (const [value, count] of Object.entries(values)) sum[value] = (sum[value] ?? 0) + count;
      sums[name] = sum;
    }
  return sums;
}

function shares(configurations: readonly { method: string; counts: Counts }[]): HyperparamShare[] {
  const names = [...new Set(configurations.flatMap(({ counts }) => Object.keys(counts)))];
  return names.flatMap((hyperparam) => {
    const values = inOrder(configurations.flatMap(({ counts }) => Object.keys(counts[hyperparam] ?? {})));
    if (values.length < 2) return [];
    return configurations.flatMap(({ method, counts }) => {
      const own = counts[hyperparam] ?? {};
      const all = Object.values(own).reduce((a, b) => a + b, 0);
      if (all === 0) return [];
      return values.map((value, order) => ({
        method,
        hyperparam,
        value,
        order,
        count: own[value] ?? 0,
        share: (own[value] ?? 0) / all,
      }));
    });
  });
}

/** The order of values that are not numbers, from the search spaces. */
const WORDS = ["false", "true", "constant", "cosine", "restarts"];

/** Distinct values, numbers by size and words as the search spaces have them. */
export const inOrder = (values: readonly string[]): string[] =>
  [...new Set(values)].sort((a, b) => {
    const [x, y] = [Number(a), Number(b)];
    if (Number.isFinite(x) && Number.isFinite(y)) return x - y;
    return WORDS.indexOf(a) - WORDS.indexOf(b);
  });

/** A hyperparameter of one model on the way to a task's final model. */
export interface ScheduleStep {
  readonly task: TaskName;
  readonly hyperparam: HyperparamName;
  /** Place in the lineage, from 0 for its oldest model; the last is the final model. */
  readonly step: number;
  readonly model: number;
  readonly value: string;
  /** Place of the value among those that any lineage has. */
  readonly order: number;
}

/** Hyperparameters along the lineage of every task of a point; those that never change are left out. */
export function scheduleSteps({ tasks }: Pick<SweepPoint, "tasks">): ScheduleStep[] {
  const first = tasks[0]?.lineage[0];
  // Nothing can change along lineages of one model each.
  if (!first || tasks.every(({ lineage }) => lineage.length < 2)) return [];
  return (Object.keys(first.hyperparams) as HyperparamName[]).flatMap((hyperparam) => {
    const all = tasks.flatMap(({ lineage }) =>
      lineage.map(({ hyperparams }) => String(hyperparams[hyperparam])),
    );
    const values = inOrder(all);
    if (values.length < 2) return [];
    return tasks.flatMap(({ task, lineage }) =>
      lineage.map(({ model, hyperparams }, step) => {
        const value = String(hyperparams[hyperparam]);
        return { task, hyperparam, step, model, value, order: values.indexOf(value) };
      }),
    );
  });
}
