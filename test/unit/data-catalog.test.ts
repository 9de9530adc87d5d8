// The catalog against the papers' tables: which tasks, how many images and classes. Sizes are those of muNet's tables 3
// and 4 and of the Visual Task Adaptation Benchmark's code.

import { expect, test } from "vitest";
import { rngFromSeed } from "../../src/core/rng.js";
import { BENCHMARKS } from "../../src/data/benchmarks.js";
import { CATALOG, taskNamed } from "../../src/data/catalog/catalog.js";
import { splitRows, splitSizes } from "../../src/data/splits.js";

const sizes = (name: string) => Object.values(splitSizes(taskNamed(name), 0.05));
const benchmark = (name: string) => BENCHMARKS.find((entry) => entry.name === name)!.tasks;

test("the benchmarks together are µ2Net's 69 tasks, each in the catalog once", () => {
  expect(BENCHMARKS.map(({ tasks }) => tasks.length)).toEqual([8, 10, 3, 23, 25]);
  const names = BENCHMARKS.flatMap(({ tasks }) => tasks);
  expect(new Set(names).size).toBe(69);
  for (const name of names) expect(taskNamed(name).name).toBe(name);
  expect(new Set(CATALOG.map(({ name }) => name)).size).toBe(CATALOG.length);
});

test.each([
  ["emnist/digits", [228_000, 12_000, 40_000], 10],
  ["emnist/letters", [84_360, 4440, 14_800], 37],
  ["kmnist", [57_000, 3000, 10_000], 10],
  ["mnist", [57_000, 3000, 10_000], 10],
  ["omniglot", [19_280, 2720, 3120], 1623],
  ["cmaterdb/bangla", [4750, 250, 1000], 10],
  ["cmaterdb/devanagari", [2375, 125, 500], 10],
  ["cmaterdb/telugu", [2375, 125, 500], 10],
  ["decathlon/imagenet12", [1_232_167, 24_500, 24_500], 1000],
  ["decathlon/svhn", [47_217, 13_020, 13_020], 10],
  ["decathlon/gtsrb", [31_367, 3921, 3921], 43],
  ["decathlon/daimlerpedcls", [23_520, 2940, 2940], 2],
  ["decathlon/omniglot", [17_853, 3246, 3246], 1623],
  ["decathlon/ucf101", [7585, 976, 976], 101],
  ["decathlon/aircraft", [3334, 1666, 1667], 100],
  ["decathlon/dtd", [1880, 940, 940], 47],
  ["decathlon/vgg-flowers", [1020, 510, 510], 102],
  ["imagenet2012", [1_281_167, 10_000, 50_000], 1000],
  ["cifar100", [49_000, 1000, 10_000], 100],
  ["cifar10", [50_000, 2021, 10_000], 10],
  ["caltech101", [2754, 306, 6084], 102],
  ["dtd", [1880, 1880, 1880], 47],
  ["oxford_flowers102", [1020, 1020, 6149], 102],
  ["oxford_iiit_pet", [2944, 736, 3669], 37],
  ["sun397", [76_128, 10_875, 21_750], 397],
  ["svhn_cropped", [65_931, 7326, 26_032], 10],
  ["patch_camelyon", [262_144, 32_768, 32_768], 2],
  ["eurosat", [16_200, 5400, 5400], 10],
  ["resisc45", [18_900, 6300, 6300], 45],
  ["diabetic_retinopathy_detection/btgraham-300", [35_126, 10_906, 42_670], 5],
  ["clevr/count_all", [63_000, 7000, 15_000], 8],
  ["dmlab", [65_550, 22_628, 22_735], 6],
  ["dsprites/label_orientation", [589_824, 73_728, 73_728], 40],
  ["kitti/closest_vehicle_distance", [6347, 423, 711], 4],
  ["smallnorb/label_azimuth", [24_300, 12_150, 12_150], 18],
])("%s has the papers' splits", (name, images, classes) => {
  expect(sizes(name)).toEqual(images);
  expect(taskNamed(name).classes).toBe(classes);
});

test("every small VTAB task has 800, 200 and the same test images, of the same classes as the full one", () => {
  for (const name of benchmark("vtab-1k")) {
    const full = name.replace(/\/1k$/, "");
    expect(sizes(name)).toEqual([800, 200, sizes(full)[2]]);
    expect(taskNamed(name).classes).toBe(taskNamed(full).classes);
  }
});

test("in the files' order the small VTAB tasks are the first images of train and of validation", () => {
  const rows = (name: string) => splitRows(taskNamed(name), 0.2, rngFromSeed(0), undefined, true);
  const { train, validation } = rows("caltech101/1k");
  const sorted = (list: Int32Array) => [...list].sort((a, b) => a - b);
  expect(sorted(train.rows)).toEqual(Array.from({ length: 800 }, (_, i) => i));
  expect(sorted(validation.rows)).toEqual(Array.from({ length: 200 }, (_, i) => 2754 + i));
  expect(sorted(rows("cifar100").validation.rows)[0]).toBe(49_000);
});

test("no two splits of any task share a row of the same set", () => {
  for (const task of CATALOG.filter(({ sets }) =>
    Object.values(sets).every(({ count }) => count < 100_000),
  )) {
    const rows = splitRows(task, 0.2, rngFromSeed(1));
    const keys = Object.values(rows).flatMap(({ set, rows: list }) =>
      [...list].map((row) => `${set} ${row}`),
    );
    expect(new Set(keys).size, task.name).toBe(keys.length);
  }
});

test("a pinned file has a whole sha256 and a length, and the same file is pinned alike everywhere", () => {
  const seen = new Map<string, string>();
  for (const task of CATALOG) {
    if (task.kind === "generated") continue;
    for (const { pinned } of Object.values(task.sets))
      for (const { path, sha256, bytes, url } of pinned?.files ?? []) {
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        expect(bytes).toBeGreaterThan(1000);
        if (url) expect(new URL(url).pathname.endsWith(path.split("/").at(-1)!)).toBe(true);
        expect(seen.get(path) ?? sha256).toBe(sha256);
        seen.set(path, sha256);
      }
    // What can't be pinned can be prepared.
    if (Object.values(task.sets).some(({ pinned }) => !pinned))
      expect(task.prepared, task.name).toBeDefined();
  }
  expect(seen.size).toBeGreaterThanOrEqual(20);
});
