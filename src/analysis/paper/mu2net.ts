// µ2Net's published numbers (arXiv 2205.12755): Tables 2 to 7 and the knowledge transfer of §5.1, with the rows of other
// work that it compares with. method.md §h and its appendix 4. Table 5's telugu column is lost in the text form, and a
// shift of its columns can't be excluded.

import { benchmarkOf } from "./benchmarks.js";
import { decimalsOf, numbersOf, type Quantity, type Target } from "./target.js";

const MU2NET = "mu2net";

interface Row {
  readonly source: string;
  readonly benchmark: string;
  readonly method: string;
  readonly variant?: string;
  readonly values: string;
  readonly stds?: string;
  readonly runs?: number;
}

/** A row of accuracies, one per task in the benchmark's order; "–" if there is none. */
function rowTargets({ source, benchmark, method, variant, values, stds, runs }: Row): Target[] {
  const deviations = stds === undefined ? [] : numbersOf(stds);
  return numbersOf(values).flatMap((value, i): Target[] => {
    const task = benchmarkOf(benchmark).tasks[i]!.task;
    if (value === null) return [];
    return [
      {
        source,
        benchmark,
        method,
        variant: variant ?? null,
        quantity: "test",
        task,
        value,
        std: deviations[i] ?? null,
        runs: runs ?? null,
        decimals: decimalsOf(values),
      },
    ];
  });
}

const ROWS: readonly Row[] = [
  ...(
    [
      ["ViT L/16 fine-tuning", "85.30 93.25 99.15"],
      ["µ2Net after 5 iterations", "86.38 94.75 99.35"],
      ["µ2Net after 10 iterations", "86.66 94.67 99.38"],
      ["µ2Net after VTAB-full", "86.74 94.67 99.41"],
      ["µ2Net after the decathlon", "86.74 94.74 99.43"],
      ["µ2Net after all 69 tasks", "86.74 94.95 99.49"],
    ] as const
  ).map(([method, values]) => ({
    source: "µ2Net Table 2",
    benchmark: "mu2net-vit",
    method,
    values,
    ...(method === "µ2Net after 10 iterations" && { variant: MU2NET }),
  })),
  ...(
    [
      [
        "Steiner et al. 2021, fine-tuning",
        "95.5 94.1 80.3 99.6 95.0 83.4 97.4 86.4 99.0 96.6 83.3 99.8 91.7 75.6 100 90.4 84.7 27.5 76.5",
      ],
      [
        "Zhai et al. 2019",
        "94.6 84.8 75.9 94.7 91.5 70.2 97.0 85.9 98.8 94.9 79.5 99.8 92.5 76.5 100 96.5 82.3 100 98.4",
      ],
      [
        "µ2Net after 1 iteration",
        "92.6 94.6 79.8 99.6 95.3 84.5 97.3 87.5 99.1 96.3 83.7 99.8 93.2 76.9 100 96.2 83.0 32.3 94.5",
      ],
      [
        "µ2Net after 2 iterations",
        "92.6 94.6 80.5 99.6 95.3 84.8 97.8 88.4 99.2 97.0 84.0 99.8 94.0 76.9 100 96.4 83.0 33.3 95.1",
      ],
      [
        "µ2Net after the decathlon",
        "93.0 94.7 81.0 99.6 95.3 84.8 97.8 91.1 99.1 97.0 84.0 99.8 94.0 76.9 100 96.4 82.3 33.3 95.1",
      ],
    ] as const
  ).map(([method, values]) => ({
    source: "µ2Net Table 3",
    benchmark: "mu2net-vtab-full",
    method,
    values,
    ...(method === "µ2Net after 2 iterations" && { variant: MU2NET }),
  })),
  {
    source: "µ2Net Table 4",
    benchmark: "mu2net-decathlon",
    method: "µ2Net after 1 iteration",
    values: "89.1 98.2 97.2 99.9 99.9 84.5 83.6 64.8 75.2 99.0",
    stds: "0.19 0.23 0.34 0.04 0.03 1.18 1.79 3.57 1.20 0.11",
    runs: 3,
  },
  {
    source: "µ2Net Table 4",
    benchmark: "mu2net-decathlon",
    method: "µ2Net after 2 iterations",
    variant: MU2NET,
    values: "89.2 98.4 97.2 99.9 99.9 84.3 85.7 65.4 76.0 99.2",
    stds: "0.12 0.23 0.40 0.05 0.04 0.27 1.36 3.03 0.49 0.11",
    runs: 3,
  },
  ...(
    [
      ["State of the art", "99.77 95.88 95.40 99.91 – 99.00 – –"],
      ["µ2Net after 1 iteration", "99.82 93.60 98.68 99.75 98.72 98.60 96.60 –"],
      ["µ2Net after 2 iterations", "99.82 93.68 98.60 99.69 99.84 99.10 98.00 –"],
    ] as const
  ).map(([method, values]) => ({
    source: "µ2Net Table 5",
    benchmark: "mu2net-characters",
    method,
    values,
    ...(method === "µ2Net after 2 iterations" && { variant: MU2NET }),
  })),
  ...(
    [
      [
        "ViT L/16 fine-tuning",
        "90.8 84.1 74.1 99.3 92.7 61.0 80.9 82.5 95.6 85.2 75.3 70.3 56.1 41.9 74.7 64.9 79.9 30.5 41.7",
      ],
      [
        "Zhai et al. 2019",
        "91.7 53.7 69.5 90.8 88.1 32.8 88.5 83.4 96.0 82.0 71.1 47.3 57.2 36.6 88.3 52.1 77.1 51.6 33.7",
      ],
      [
        "µ2Net after 1 iteration",
        "87.1 89.4 77.6 99.2 94.5 57.6 97.5 86.0 98.6 93.4 78.0 91.2 59.9 47.6 58.4 96.2 81.9 32.1 92.5",
      ],
      [
        "µ2Net after 2 iterations",
        "89.9 90.6 78.1 99.7 94.5 57.6 97.5 86.0 98.3 93.4 83.5 99.8 90.6 76.3 100 96.2 81.7 33.7 92.5",
      ],
    ] as const
  ).map(([method, values]) => ({
    source: "µ2Net Table 6",
    benchmark: "mu2net-vtab-1k",
    method,
    values,
    ...(method === "µ2Net after 2 iterations" && { variant: MU2NET }),
  })),
];

/** Table 7: core-hours, tasks, millions of parameters, share activated. The second row's 5.2 % is a slip; 307/4577 is 6.7 %. */
const SEGMENTS: readonly (readonly [string, number, number | null, number | null])[] = [
  ["ViT tasks, 10 iterations (3 tasks)", 4949, 659, 46.6],
  ["VTAB-full (26 tasks)", 5927, 4400, 7.0],
  ["ViT tasks +1 (26 tasks)", 541, 4577, 6.7],
  ["Decathlon (36 tasks)", 1507, 7790, 3.9],
  ["ViT tasks +1 (36 tasks)", 564, 7854, 3.9],
  ["VTAB-full +1 (36 tasks)", 2266, 7596, 4.0],
  ["Characters (44 tasks)", 1785, 9368, 3.3],
  ["VTAB-1k (69 tasks)", 271, 13_087, 2.3],
  ["ViT tasks +1 (69 tasks)", 568, 13_090, 2.3],
  ["All segments", 18_378, null, null],
];

const system = (source: string, method: string, quantity: Quantity, value: number, decimals = 0): Target => ({
  source,
  benchmark: "mu2net-system",
  method,
  variant: null,
  quantity,
  task: null,
  value,
  std: null,
  runs: 1,
  decimals,
});

/** §5.1: share of gradient steps of model, by source. */
const TRANSFER: readonly (readonly [task: string, from: string, percent: number])[] = [
  ["imagenet2012", "imagenet2012", 60.6],
  ["imagenet2012", "cifar100", 31.5],
  ["imagenet2012", "cifar10", 7.9],
  ["cifar100", "imagenet2012", 42.3],
  ["cifar100", "cifar10", 20.6],
  ["cifar100", "cifar100", 37.1],
  ["cifar10", "imagenet2012", 46.1],
  ["cifar10", "cifar100", 35.9],
  ["cifar10", "cifar10", 18.0],
];

/** Every number that µ2Net publishes in numbers. */
export const MU2NET_TARGETS: readonly Target[] = [
  ...ROWS.flatMap(rowTargets),
  ...TRANSFER.map(
    ([task, from, value]): Target => ({
      source: "µ2Net §5.1",
      benchmark: "mu2net-vit",
      method: "µ2Net",
      variant: MU2NET,
      quantity: "transfer",
      task,
      from,
      value,
      std: null,
      runs: 1,
      decimals: 1,
    }),
  ),
  ...SEGMENTS.flatMap(([method, hours, params, activated]) => [
    system("µ2Net Table 7", method, "core-hours", hours),
    ...(params === null ? [] : [system("µ2Net Table 7", method, "system-params", params)]),
    ...(activated === null ? [] : [system("µ2Net Table 7", method, "activated", activated, 1)]),
  ]),
  system("µ2Net Fig. 2", "1 task", "added", 307),
  system("µ2Net Fig. 2", "69 tasks", "added", 189.7, 1),
  {
    ...system("µ2Net Table 4", "µ2Net after 1 iteration", "std", 0.87, 2),
    benchmark: "mu2net-decathlon",
    runs: 3,
  },
  {
    ...system("µ2Net Table 4", "µ2Net after 2 iterations", "std", 0.61, 2),
    benchmark: "mu2net-decathlon",
    runs: 3,
  },
];
