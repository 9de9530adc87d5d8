// The setups of both papers: the roots, tasks, sizes and budgets behind their numbers. method.md §e.6, §g; the names
// of tasks are mulab's.

import type { Benchmark } from "./target.js";

const MUNET_CHILDREN = 128; // 2 iterations × 8 generations × 8 children
const MUNET_EXAMPLES = 51_200; // 100 batches of 512, 200 of 256
const L16 = "L_16-i21k-300ep-lr_0.001-aug_medium2-wd_0.03-do_0.1-sd_0.1";
const large = { checkpoint: L16, blocks: 24, width: 1024, cycles: 4, examplesPerCycle: 128_116 };

const unsized = (names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map((task) => ({ task, train: null }));

const CHARACTERS = [
  { task: "emnist/digits", train: 228_000 },
  { task: "emnist/letters", train: 84_360 },
  { task: "kmnist", train: 57_000 },
  { task: "mnist", train: 57_000 },
  { task: "omniglot", train: 19_280 },
  { task: "cmaterdb/bangla", train: 4_750 },
  { task: "cmaterdb/devanagari", train: 2_375 },
  { task: "cmaterdb/telugu", train: 2_375 },
];

const DECATHLON = [
  { task: "decathlon/imagenet12", train: 1_230_000 },
  { task: "decathlon/svhn", train: 47_200 },
  { task: "decathlon/cifar100", train: 40_000 },
  { task: "decathlon/gtsrb", train: 31_400 },
  { task: "decathlon/daimlerpedcls", train: 23_500 },
  { task: "decathlon/omniglot", train: 17_800 },
  { task: "decathlon/ucf101", train: 7_600 },
  { task: "decathlon/aircraft", train: 3_330 },
  { task: "decathlon/dtd", train: 1_900 },
  { task: "decathlon/vgg-flowers", train: 1_000 },
];

/** The columns of µ2Net Tables 3 and 6. */
export const VTAB =
  "caltech101 cifar100 dtd oxford_flowers102 oxford_iiit_pet sun397 svhn_cropped patch_camelyon eurosat resisc45 diabetic_retinopathy_detection/btgraham-300 clevr/count_all clevr/closest_object_distance dmlab dsprites/label_x_position dsprites/label_orientation kitti/closest_vehicle_distance smallnorb/label_azimuth smallnorb/label_elevation";

export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: "characters",
    title: "Multitask Character Classification Benchmark",
    experiment: "characters",
    checkpoint: "Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0",
    blocks: 3,
    width: 192,
    children: MUNET_CHILDREN,
    cycles: 5,
    examplesPerCycle: MUNET_EXAMPLES,
    tasks: CHARACTERS,
  },
  {
    name: "decathlon",
    title: "Visual Domain Decathlon",
    experiment: "decathlon",
    checkpoint: "B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0",
    blocks: 12,
    width: 768,
    children: MUNET_CHILDREN,
    cycles: 30,
    examplesPerCycle: MUNET_EXAMPLES,
    tasks: DECATHLON,
  },
  {
    name: "mu2net-vit",
    title: "The three ViT tasks",
    experiment: "vit",
    ...large,
    children: 320, // 10 iterations × 4 generations × 8 children
    tasks: unsized("imagenet2012 cifar100 cifar10"),
  },
  {
    name: "mu2net-vtab-full",
    title: "VTAB, full data",
    experiment: "vtab-full",
    ...large,
    after: "the ViT tasks",
    children: 256, // 2 × 4 × 32
    tasks: unsized(VTAB),
  },
  {
    name: "mu2net-decathlon",
    title: "Visual Domain Decathlon, added to the multitask network",
    experiment: "decathlon",
    ...large,
    after: "the ViT tasks and VTAB-full",
    children: 256,
    tasks: DECATHLON,
  },
  {
    name: "mu2net-characters",
    title: "Multitask Character Classification Benchmark, added to the multitask network",
    experiment: "characters",
    ...large,
    after: "the ViT tasks, VTAB-full and the decathlon",
    children: 256,
    tasks: CHARACTERS,
  },
  {
    name: "mu2net-vtab-1k",
    title: "VTAB, 1,000 examples",
    experiment: "vtab-1k",
    ...large,
    after: "all benchmarks but this",
    children: 256,
    tasks: VTAB.split(" ").map((task) => ({ task: `${task}/1k`, train: 800 })),
  },
  {
    name: "mu2net-system",
    title: "The multitask network as it grows",
    experiment: "mu2net",
    ...large,
    children: 0,
    tasks: [],
  },
];

/** The benchmark with this name. */
export const benchmarkOf = (name: string): Benchmark =>
  BENCHMARKS.find((benchmark) => benchmark.name === name)!;
