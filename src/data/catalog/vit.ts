// The three tasks that µ2Net begins its large system with (§5.1): those of the ViT papers, with the newer test sets
// ImageNet-V2 and CIFAR-10.1 as validation images.

import type { PublishedTask } from "../catalog-entry.js";
import { type PreparedTask, preparedTask } from "./prepared-task.js";

const KRIZHEVSKY = "A. Krizhevsky, Learning multiple layers of features from tiny images, 2009";

const TASKS: readonly PreparedTask[] = [
  {
    name: "imagenet2012",
    title: "Objects of ImageNet",
    classes: 1000,
    sets: {
      train: 1_281_167,
      validation: 50_000,
      imagenet_v2: { count: 10_000, prepared: { dataset: "imagenet_v2/matched-frequency", split: "test" } },
    },
    splits: ["train", "imagenet_v2", "validation"],
    citation:
      "O. Russakovsky et al., ImageNet large scale visual recognition challenge, IJCV 2015; B. Recht et al., Do ImageNet classifiers generalize to ImageNet?, ICML 2019",
    remark: "ImageNet's files have to be asked for at their source.",
  },
  {
    name: "cifar100",
    title: "Small objects of 100 kinds",
    classes: 100,
    size: 32,
    sets: { train: 50_000, test: 10_000 },
    splits: ["train[:98%]", "train[98%:]", "test"],
    citation: KRIZHEVSKY,
  },
  {
    name: "cifar10",
    title: "Small objects of ten kinds",
    classes: 10,
    size: 32,
    sets: {
      train: 50_000,
      test: 10_000,
      cifar10_1: { count: 2021, prepared: { dataset: "cifar10_1/v4", split: "test" } },
    },
    splits: ["train", "cifar10_1", "test"],
    citation: `${KRIZHEVSKY}; B. Recht et al., Do CIFAR-10 classifiers generalize to CIFAR-10?, 2018`,
  },
];

export const VIT: readonly PublishedTask[] = TASKS.map((task) => preparedTask(task));
