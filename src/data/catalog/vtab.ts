// The Visual Task Adaptation Benchmark (arXiv 1910.04867) as µ2Net uses it: the full training sets, and 800 + 200 images of
// each ("/1k") with the same test sets. Splits and labels are those of the benchmark's own code.

import type { PublishedTask } from "../catalog-entry.js";
import { type PreparedTask, preparedTask } from "./prepared-task.js";

interface VtabTask extends PreparedTask {
  /** The first 200 images of the full validation split. */
  readonly first200: string;
  /** Only its small version is a task of its own: the full one is among the ViT tasks. */
  readonly smallOnly?: boolean;
}

const ownSplits = ["train", "validation", "test"] as const;
const first200 = "validation[:200]";

const CLEVR = {
  dataset: "clevr",
  sets: { train: 70_000, validation: 15_000 },
  splits: ["train[:63000]", "train[63000:]", "validation"],
  first200: "train[63000:63200]",
  citation: "J. Johnson et al., CLEVR: a diagnostic dataset for compositional language, CVPR 2017",
} as const;

const DSPRITES = {
  dataset: "dsprites",
  size: 64,
  channels: 1,
  times: 255, // its PNGs hold 0 and 1
  sets: { train: 737_280 },
  splits: ["train[:589824]", "train[589824:663552]", "train[663552:]"],
  first200: "train[589824:590024]",
  citation: "L. Matthey et al., dSprites: disentanglement testing sprites dataset, 2017",
} as const;

const KITTI = {
  dataset: "kitti",
  sets: { train: 6347, validation: 423, test: 711 },
  splits: ownSplits,
  first200,
  citation: "A. Geiger, P. Lenz, R. Urtasun, Are we ready for autonomous driving?, CVPR 2012",
} as const;

const SMALLNORB = {
  dataset: "smallnorb",
  size: 96,
  channels: 1,
  sets: { train: 24_300, test: 24_300 },
  splits: ["train", "test[:50%]", "test[50%:]"],
  first200: "test[:200]",
  citation: "Y. LeCun, F. J. Huang, L. Bottou, Learning methods for generic object recognition, CVPR 2004",
} as const;

const smallnorb = (part: string, title: string, classes: number): VtabTask => ({
  ...SMALLNORB,
  name: `smallnorb/label_${part}`,
  title,
  classes,
  label: { feature: `label_${part}` },
});

const CIFAR = {
  size: 32,
  sets: { train: 50_000, test: 10_000 },
  splits: ["train[:45000]", "train[45000:]", "test"],
  first200: "train[45000:45200]",
  citation: "A. Krizhevsky, Learning multiple layers of features from tiny images, 2009",
  smallOnly: true,
} as const;

const TASKS: readonly VtabTask[] = [
  {
    name: "caltech101",
    title: "Objects of 101 kinds, and background",
    classes: 102,
    sets: { train: 3060, test: 6084 },
    splits: ["train[:2754]", "train[2754:]", "test"],
    first200: "train[2754:2954]",
    citation:
      "L. Fei-Fei, R. Fergus, P. Perona, Learning generative visual models from few training examples, 2004",
  },
  { ...CIFAR, name: "cifar100", title: "Small objects of 100 kinds", classes: 100 },
  { ...CIFAR, name: "cifar10", title: "Small objects of ten kinds", classes: 10 },
  {
    name: "dtd",
    title: "Textures",
    classes: 47,
    sets: { train: 1880, validation: 1880, test: 1880 },
    splits: ownSplits,
    first200,
    citation: "M. Cimpoi et al., Describing textures in the wild, CVPR 2014",
  },
  {
    name: "oxford_flowers102",
    title: "Flowers",
    classes: 102,
    sets: { train: 1020, validation: 1020, test: 6149 },
    splits: ownSplits,
    first200,
    citation:
      "M.-E. Nilsback, A. Zisserman, Automated flower classification over a large number of classes, 2008",
  },
  {
    name: "oxford_iiit_pet",
    title: "Breeds of cats and dogs",
    classes: 37,
    sets: { train: 3680, test: 3669 },
    splits: ["train[:2944]", "train[2944:]", "test"],
    first200: "train[2944:3144]",
    citation: "O. M. Parkhi et al., Cats and dogs, CVPR 2012",
  },
  {
    name: "sun397",
    title: "Scenes",
    classes: 397,
    dataset: "sun397/tfds",
    sets: { train: 76_128, validation: 10_875, test: 21_750 },
    splits: ownSplits,
    first200,
    citation: "J. Xiao et al., SUN database: large-scale scene recognition from abbey to zoo, CVPR 2010",
  },
  {
    name: "svhn_cropped",
    title: "House numbers",
    classes: 10,
    size: 32,
    sets: { train: 73_257, test: 26_032 },
    splits: ["train[:65931]", "train[65931:]", "test"],
    first200: "train[65931:66131]",
    citation: "Y. Netzer et al., Reading digits in natural images with unsupervised feature learning, 2011",
  },
  {
    name: "patch_camelyon",
    title: "Lymph nodes with or without metastases",
    classes: 2,
    size: 96,
    sets: { train: 262_144, validation: 32_768, test: 32_768 },
    splits: ownSplits,
    first200,
    citation: "B. S. Veeling et al., Rotation equivariant CNNs for digital pathology, 2018",
  },
  {
    name: "eurosat",
    title: "Land use from satellites",
    classes: 10,
    size: 64,
    dataset: "eurosat/rgb",
    sets: { train: 27_000 },
    splits: ["train[:16200]", "train[16200:21600]", "train[21600:]"],
    first200: "train[16200:16400]",
    citation: "P. Helber et al., EuroSAT: a novel dataset for land use and land cover classification, 2019",
  },
  {
    name: "resisc45",
    title: "Scenes from the air",
    classes: 45,
    size: 256,
    sets: { train: 31_500 },
    splits: ["train[:18900]", "train[18900:25200]", "train[25200:]"],
    first200: "train[18900:19100]",
    citation: "G. Cheng, J. Han, X. Lu, Remote sensing image scene classification, Proc. IEEE 2017",
  },
  {
    name: "diabetic_retinopathy_detection/btgraham-300",
    title: "Stages of diabetic retinopathy",
    classes: 5,
    sets: { train: 35_126, validation: 10_906, test: 42_670 },
    splits: ownSplits,
    first200,
    citation: "Kaggle and EyePACS, Diabetic retinopathy detection, 2015",
  },
  {
    ...CLEVR,
    name: "clevr/count_cylinders",
    title: "How many cylinders",
    classes: 11,
    label: { derived: "clevr/count_cylinders" },
  },
  {
    ...CLEVR,
    name: "clevr/count_all",
    title: "How many objects",
    classes: 8,
    label: { derived: "clevr/count_all" },
  },
  {
    ...CLEVR,
    name: "clevr/closest_object_distance",
    title: "How far the closest object is",
    classes: 6,
    label: { derived: "clevr/closest_object_distance" },
  },
  {
    name: "dmlab",
    title: "How far, and whether it rewards, in a maze",
    classes: 6,
    sets: { train: 65_550, validation: 22_628, test: 22_735 },
    splits: ownSplits,
    first200,
    citation: "X. Zhai et al., A large-scale study of representation learning with the VTAB, 2019",
  },
  {
    ...DSPRITES,
    name: "dsprites/label_x_position",
    title: "Where a shape is",
    classes: 32,
    label: { feature: "label_x_position" },
  },
  {
    ...DSPRITES,
    name: "dsprites/label_orientation",
    title: "How a shape is turned",
    classes: 40,
    label: { feature: "label_orientation" },
  },
  {
    ...KITTI,
    name: "kitti/closest_object_distance",
    title: "How far the closest object is, on the road",
    classes: 5,
    label: { derived: "kitti/closest_object_distance" },
  },
  {
    ...KITTI,
    name: "kitti/count_vehicles",
    title: "How many vehicles",
    classes: 4,
    label: { derived: "kitti/count_vehicles" },
  },
  {
    ...KITTI,
    name: "kitti/closest_vehicle_distance",
    title: "How far the closest vehicle is",
    classes: 4,
    label: { derived: "kitti/closest_vehicle_distance" },
  },
  smallnorb("category", "Toys", 5),
  smallnorb("lighting", "How a toy is lit", 6),
  smallnorb("azimuth", "From which side a toy is seen", 18),
  smallnorb("elevation", "From how high a toy is seen", 9),
];

/** The full version; its sets' names are those of TensorFlow Datasets. */
export const VTAB: readonly PublishedTask[] = TASKS.filter(({ smallOnly }) => !smallOnly).map((task) =>
  preparedTask(task),
);

/** 800 training and 200 validation images. */
export const VTAB_1K: readonly PublishedTask[] = TASKS.map((task) =>
  preparedTask({
    ...task,
    name: `${task.name}/1k`,
    title: `${task.title} (800 training images)`,
    dataset: task.dataset ?? task.name,
    splits: ["train[:800]", task.first200, task.splits[2]],
  }),
);
