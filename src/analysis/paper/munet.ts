// muNet's published numbers (arXiv 2205.10937): Tables 1, 2, 6 and 7, the numbers of its abstract, and what Fig. 2 shows.
// method.md §h; the column headers of Tables 6 and 7 are the order of tasks (§h, checked by their means).

import { benchmarkOf } from "./benchmarks.js";
import { decimalsOf, numbersOf, type Quantity, type Target } from "./target.js";

type Row = readonly [
  method: string,
  variant: string,
  testMax: number,
  test: number,
  std: number,
  paramsM: number,
  coreHours: number,
];

const TABLE_1: readonly Row[] = [
  ["Multi-head", "multi-head", 20.79, 20.25, 0.65, 0.23, 4.32],
  ["Full fine-tuning", "full", 82.2, 81.46, 0.4, 1.53, 4.91],
  ["Residual adapters dim=512", "adapters-512", 82.28, 81.98, 0.17, 0.82, 5.01],
  ["muNet w/o auto-tuning", "munet-s1-no-tuning", 88.96, 88.57, 0.37, 1.27, 4.81],
  ["muNet s=0.3", "munet-s0.3", 84.94, 82.01, 1.88, 0.2, 4.63],
  ["muNet", "munet-s1", 92.98, 91.41, 1.06, 1.2, 5.02],
];

const TABLE_2: readonly Row[] = [
  ["Multi-head", "multi-head", 49.77, 49.73, 0.03, 8.81, 176.34],
  ["Unfreeze above 1st layer", "top-1", 81.51, 81.39, 0.14, 78.98, 183.67],
  ["Full fine-tuning", "full", 81.03, 80.81, 0.15, 85.91, 185.34],
  ["Residual adapters dim=512", "adapters-512", 80.64, 80.54, 0.11, 18.28, 180.86],
  ["muNet w/o auto-tuning", "munet-s1-no-tuning", 82.31, 82.27, 0.03, 55.04, 181.05],
  ["muNet s=0.3", "munet-s0.3", 80.11, 79.59, 0.65, 9.3, 165.34],
  ["muNet", "munet-s1", 83.58, 83.2, 0.29, 45.0, 185.45],
];

/** Mean test accuracy of each task, per cent, in the order of the tasks. */
const TABLE_6: readonly (readonly [variant: string, accuracies: string])[] = [
  ["multi-head", "37.1 12.1 20.7 38.0 0.3 18.8 18.6 16.5"],
  ["full", "98.2 87.4 91.5 98.2 49.1 82.4 63.4 81.3"],
  ["adapters-512", "98.2 86.5 89.5 98.2 47.9 85.2 67.8 82.6"],
  ["munet-s1-no-tuning", "98.1 87.9 91.8 98.1 66.6 90.7 83.2 92.1"],
  ["munet-s0.3", "95.8 80.9 80.2 95.5 57.0 85.0 77.8 84.0"],
  ["munet-s1", "98.4 89.3 92.7 98.6 78.8 93.9 85.8 93.9"],
];

const TABLE_7: readonly (readonly [variant: string, accuracies: string])[] = [
  ["multi-head", "34.6 40.5 55.9 73.3 91.5 22.1 39.6 17.3 48.4 74.1"],
  ["top-1", "73.8 93.8 88.7 99.9 99.8 81.6 78.6 41.0 62.8 93.9"],
  ["full", "73.2 93.5 87.5 99.9 99.8 81.5 78.6 41.2 60.2 92.8"],
  ["adapters-512", "69.5 93.7 88.7 99.9 99.9 81.2 76.0 40.8 61.4 94.4"],
  ["munet-s1-no-tuning", "71.6 93.8 89.7 99.9 99.9 81.9 80.3 43.2 66.1 96.3"],
  ["munet-s0.3", "68.1 92.3 88.4 98.2 99.7 76.9 72.7 40.2 64.7 94.6"],
  ["munet-s1", "74.3 94.6 90.2 99.9 99.9 84.0 79.7 47.2 65.9 96.3"],
];

const methodTargets = (source: string, benchmark: string, runs: number, rows: readonly Row[]): Target[] =>
  rows.flatMap(([method, variant, testMax, test, std, params, coreHours]) => {
    const base = { source, benchmark, method, variant, task: null, runs, decimals: 2 };
    return [
      { ...base, quantity: "test-max", value: testMax, std: null },
      { ...base, quantity: "test", value: test, std },
      { ...base, quantity: "params", value: params, std: null },
      { ...base, quantity: "core-hours", value: coreHours, std: null },
    ] satisfies Target[];
  });

const taskTargets = (
  source: string,
  benchmark: string,
  runs: number,
  rows: readonly (readonly [string, string])[],
  methods: readonly Row[],
): Target[] =>
  rows.flatMap(([variant, accuracies]) =>
    numbersOf(accuracies).map((value, i) => ({
      source,
      benchmark,
      method: methods.find((row) => row[1] === variant)![0],
      variant,
      quantity: "test" as const,
      task: benchmarkOf(benchmark).tasks[i]!.task,
      value: value!,
      std: null, // given in the paper, lost in the text form
      runs,
      decimals: decimalsOf(accuracies),
    })),
  );

const headline = (
  source: string,
  benchmark: string,
  quantity: Quantity,
  value: number,
  runs: number,
  decimals = 0,
): Target => ({
  source,
  benchmark,
  method: "muNet",
  variant: "munet-s1",
  quantity,
  task: null,
  value,
  std: null,
  runs,
  decimals,
});

/** Every number that muNet publishes in numbers. */
export const MUNET_TARGETS: readonly Target[] = [
  ...methodTargets("muNet Table 1", "characters", 5, TABLE_1),
  ...methodTargets("muNet Table 2", "decathlon", 3, TABLE_2),
  ...taskTargets("muNet Table 6", "characters", 5, TABLE_6, TABLE_1),
  ...taskTargets("muNet Table 7", "decathlon", 3, TABLE_7, TABLE_2),
  headline("muNet abstract", "decathlon", "test-gain", 2.39, 3, 2),
  // The text cuts these off to 47 and 21; they are 1 − 45.00/85.91 and 1 − 1.20/1.53 of Tables 2 and 1.
  headline("muNet abstract", "decathlon", "params-cut", 47.6, 3, 1),
  headline("muNet §3.1", "characters", "test-ratio", 13, 5),
  headline("muNet §3.1", "characters", "params-cut", 21.6, 5, 1),
  {
    ...headline("muNet Fig. 2", "characters", "blocks", 2, 1),
    method: "muNet s=0.3",
    variant: "munet-s0.3",
  },
];
