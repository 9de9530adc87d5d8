// The Visual Domain Decathlon: ten data sets with the shorter side of every image scaled to 72 pixels. The labels of its
// test images are not public, so both papers halve its validation images (muNet §3.2, µ2Net §5.2).

import type { PublishedTask } from "../catalog-entry.js";
import { preparedTask } from "./prepared-task.js";

const SIDE = 72;

type Row = readonly [name: string, title: string, classes: number, train: number, validation: number];

const ROWS: readonly Row[] = [
  ["imagenet12", "Objects of ImageNet", 1000, 1_232_167, 49_000],
  ["svhn", "House numbers", 10, 47_217, 26_040],
  ["cifar100", "Small objects", 100, 40_000, 10_000],
  ["gtsrb", "German traffic signs", 43, 31_367, 7842],
  ["daimlerpedcls", "Pedestrians or none", 2, 23_520, 5880],
  ["omniglot", "Handwritten characters of many alphabets", 1623, 17_853, 6492],
  ["ucf101", "Actions as dynamic images", 101, 7585, 1952],
  ["aircraft", "Aircraft models", 100, 3334, 3333],
  ["dtd", "Textures", 47, 1880, 1880],
  ["vgg-flowers", "Flowers", 102, 1020, 1020],
];

export const DECATHLON: readonly PublishedTask[] = ROWS.map(([name, title, classes, train, validation]) =>
  preparedTask(
    {
      name: `decathlon/${name}`,
      title: `${title} (Visual Domain Decathlon)`,
      classes,
      sets: { train, validation },
      splits: ["train", "validation[:50%]", "validation[50%:]"],
      dataset: `visual_domain_decathlon/${name}`,
      isSmall: true,
      citation:
        "S.-A. Rebuffi, H. Bilen, A. Vedaldi, Learning multiple visual domains with residual adapters, NIPS 2017",
    },
    SIDE,
  ),
);
