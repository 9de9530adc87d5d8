// µ2Net's large system (arXiv 2205.12755 §5; method.md §g) as data: the ViT tasks, then VTAB-full and VTAB-1k, from a whole
// L/16 at 384 pixels. In the paper each continues the previous system (experiments/programmes has the whole sequence); here
// each starts from the root. Out of reach on two cores: `laptop` and `smoke` only shrink the number of children and steps.

import { BACKBONES } from "../core/components.js";
import type { BudgetName, Experiment, RootSpec, RootWish, TaskSpec } from "../core/experiment.js";
import { mu2net } from "../core/methods.js";
import type { TaskName } from "../core/model.js";
import { mu2netFrom } from "./root-size.js";

/** In the order of the published configuration; cifar100 and cifar10 are among the ViT tasks already. */
const VTAB: readonly TaskName[] = [
  "caltech101",
  "dtd",
  "oxford_flowers102",
  "oxford_iiit_pet",
  "sun397",
  "svhn_cropped",
  "patch_camelyon",
  "eurosat",
  "resisc45",
  "diabetic_retinopathy_detection/btgraham-300",
  "clevr/count_cylinders",
  "clevr/count_all",
  "clevr/closest_object_distance",
  "dmlab",
  "dsprites/label_x_position",
  "dsprites/label_orientation",
  "kitti/closest_object_distance",
  "kitti/count_vehicles",
  "kitti/closest_vehicle_distance",
  "smallnorb/label_category",
  "smallnorb/label_lighting",
  "smallnorb/label_azimuth",
  "smallnorb/label_elevation",
];

/** A TPU core is about as fast as 200 pairs of the cores that `expected` refers to. */
const MINUTES_PER_CORE_HOUR = 60 * 200;

interface Large {
  readonly title: string;
  readonly tasks: readonly TaskName[];
  readonly iterations: number;
  readonly children: number;
  readonly batchSize: number;
  /** Core-hours of the paper (Table 7), on TPUv3 or TPUv4 cores. */
  readonly coreHours: number;
  readonly result: string;
}

const LARGE = {
  vit: {
    title: "µ2Net, the ViT tasks",
    tasks: ["imagenet2012", "cifar100", "cifar10"],
    iterations: 10,
    children: 8,
    batchSize: 32,
    coreHours: 4949,
    result: "test accuracies of 86.7, 94.7 and 99.4 % (paper)",
  },
  "vtab-full": {
    title: "µ2Net, VTAB-full",
    tasks: VTAB,
    iterations: 2,
    children: 32,
    batchSize: 64,
    coreHours: 5927,
    result: "7 % of the system's parameters used for each task (paper, after the ViT tasks)",
  },
  "vtab-1k": {
    title: "µ2Net, VTAB-1k",
    tasks: ["caltech101", "cifar100", "cifar10", ...VTAB.slice(1)].map((name) => `${name}/1k`),
    iterations: 2,
    children: 32,
    batchSize: 64,
    coreHours: 271,
    result: "2.3 % of the system's parameters used for each task (paper, after all others)",
  },
} as const satisfies Readonly<Record<string, Large>>;

export type LargeName = keyof typeof LARGE;
export const LARGE_NAMES = Object.keys(LARGE) as LargeName[];

/** What a reduced budget changes. */
const REDUCED = {
  laptop: { scale: { iterations: 1, generations: 1, children: 4, limit: 500 }, examples: 64, batchSize: 8 },
  smoke: { scale: { iterations: 1, generations: 1, children: 2, limit: 64 }, examples: 16, batchSize: 4 },
} as const;

const LARGE_ROOT: RootWish = {
  file: "L_16-i21k-300ep-lr_0.001-aug_medium2-wd_0.03-do_0.1-sd_0.1.npz",
  blocks: 24,
};

export interface LargeOptions {
  readonly seed?: number;
  readonly budget?: BudgetName;
  readonly tasks?: readonly TaskSpec[];
  readonly root?: RootSpec;
}

/** The experiment as data. Without a `root` it starts from random weights, which the paper does not. */
export function large(
  name: LargeName,
  { seed = 0, budget = "paper", tasks, root: given }: LargeOptions = {},
): Experiment {
  const root: RootSpec = given ?? { kind: "random", backbone: BACKBONES["L/16"], blocks: 24 };
  const { title, tasks: names, iterations, children, batchSize, coreHours, result }: Large = LARGE[name];
  const reduced = budget === "paper" ? null : REDUCED[budget];
  return {
    name,
    title,
    source: "µ2Net §5 (arXiv 2205.12755)",
    budget,
    seed,
    method: mu2netFrom(root),
    training: {
      batchSize: reduced?.batchSize ?? batchSize,
      cycles: reduced ? 1 : 4,
      examplesPerCycle: reduced?.examples ?? 128_116,
      validationExamples: reduced?.examples ?? 10_000,
      clipNorm: 1,
    },
    root,
    ...(!given && { rootWish: LARGE_ROOT }),
    tasks: tasks ?? names.map((task) => ({ name: task, access: "public" })),
    validationFraction: 0.2,
    decodedSize: mu2net.defaults.imageSize,
    expected: reduced
      ? { minutes: 60, result: "reduced: only shows that a large network runs" }
      : { minutes: coreHours * MINUTES_PER_CORE_HOUR, result },
    ...(reduced?.scale ?? { iterations, generations: 4, children }),
  };
}
