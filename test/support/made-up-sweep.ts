// A whole sweep made up: deterministic, plausible, quick. Numbers follow simple rules with a little noise, so that tests
// know what should come out; nothing was trained.

import type { PointLayer, PointTask, SweepPoint } from "../../src/analysis/point.js";
import { mean } from "../../src/analysis/stats.js";
import { BACKBONES, componentNames, componentParamCount, type Shape } from "../../src/core/components.js";
import type { Hyperparams } from "../../src/core/hyperparams.js";
import { munet } from "../../src/core/methods.js";
import type { Variant } from "../../src/core/variant.js";
import { variantName } from "../../src/core/variant.js";

export interface MadeUpOptions {
  readonly repetitions?: number;
  readonly scaleFactors?: readonly number[];
  readonly tasks?: readonly string[];
  readonly budget?: string;
  /** Noise of an accuracy from run to run. */
  readonly noise?: number;
}

const TASKS = ["mnist", "omniglot", "cmaterdb/bangla", "cmaterdb/devanagari", "cmaterdb/telugu"];

/** Every variant of muNet Fig. 3 and 4 on a coarse grid. */
export function madeUpSweep({
  repetitions = 3,
  scaleFactors = [0.02, 0.3, 0.9, 1],
  tasks = TASKS,
  budget = "laptop",
  noise = 0.004,
}: MadeUpOptions = {}): SweepPoint[] {
  const munetVariants = [
    { adapters: true, tuning: true },
    { adapters: false, tuning: true },
    { adapters: true, tuning: false },
  ].flatMap((parts) =>
    scaleFactors.map((scaleFactor) => ({ method: "munet" as const, scaleFactor, ...parts })),
  );
  const variants: Variant[] = [
    ...munetVariants,
    { method: "full" },
    ...[0, 1, 2].map((frozen) => ({ method: "top" as const, frozen })),
    { method: "multi-head" },
    ...[8, 32, 128, 512].map((dim) => ({ method: "adapters" as const, dim })),
  ];
  return Array.from({ length: repetitions }, (_, repetition) =>
    variants.map((variant) => madeUpPoint(variant, repetition, tasks, budget, noise)),
  ).flat();
}

/** A number in [0, 1) that follows from `key`. */
function chance(key: string): number {
  let hash = 2166136261;
  for (const c of key) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}

/** What a variant is good for: mean test accuracy, and the blocks and adapters of its models. */
function qualities(variant: Variant): {
  accuracy: number;
  shared: number;
  blocks: number;
  adapterDim: number;
} {
  switch (variant.method) {
    case "munet": {
      const { scaleFactor: s, adapters, tuning } = variant;
      const size = s ** 0.15;
      const accuracy = 0.82 + 0.09 * size - (tuning ? 0 : 0.03) - (adapters ? 0 : 0.05 * (1 - s));
      return {
        accuracy,
        shared: 1.3 + 5 * (1 - s),
        blocks: s < 0.5 ? 2 : 3,
        adapterDim: !adapters ? 0 : s < 0.5 ? 16 : 32,
      };
    }
    case "full":
      return { accuracy: 0.815, shared: 1, blocks: 3, adapterDim: 0 };
    case "top":
      return { accuracy: 0.805 - 0.02 * variant.frozen, shared: 1, blocks: 3, adapterDim: 0 };
    case "multi-head":
      return { accuracy: 0.21, shared: 1, blocks: 3, adapterDim: 0 };
    case "adapters":
      return {
        accuracy: 0.74 + 0.013 * Math.log2(variant.dim),
        shared: 1,
        blocks: 3,
        adapterDim: variant.dim,
      };
    case "custom":
      return { accuracy: 0.5, shared: 1, blocks: 3, adapterDim: 0 };
  }
}

function madeUpPoint(
  variant: Variant,
  repetition: number,
  tasks: readonly string[],
  budget: string,
  noise: number,
): SweepPoint {
  const name = variantName(variant);
  const isEvolved = variant.method === "munet";
  return {
    variant,
    experiment: "characters",
    repetition,
    seed: 100 + repetition,
    budget,
    root: "random Ti/16, 3 blocks",
    checkpoint: null,
    tasks: tasks.map((task, i) => madeUpTask(variant, `${name}/${repetition}`, task, i, tasks, noise)),
    sampled: isEvolved ? sampledOf(variant.scaleFactor, variant.tuning) : {},
    cost: {
      children: isEvolved ? 32 * tasks.length : tasks.length,
      examples: 65_536 * tasks.length,
      flops: 2.1e12 * tasks.length * (variant.method === "multi-head" ? 0.4 : 1),
      coreSeconds: 60 + 10 * chance(`${name}/${repetition}/time`),
      wallSeconds: 32,
    },
    digest: `${name}/${repetition}`,
  };
}

function madeUpTask(
  variant: Variant,
  run: string,
  task: string,
  index: number,
  tasks: readonly string[],
  noise: number,
): PointTask {
  const { accuracy, shared, blocks, adapterDim } = qualities(variant);
  const isEvolved = variant.method === "munet";
  const key = `${run}/${task}`;
  // What a repetition shares (its splits) is the same in all variants.
  const split = noise * (chance(`${run.split("/").at(-1)}/${task}/split`) - 0.5);
  const ease = tasks.map((_, i) => 0.04 * (i % 3));
  const test = accuracy + ease[index]! - mean(ease) + 2 * split + noise * (chance(`${key}/test`) - 0.5);
  const hyperparams: Hyperparams = {
    ...munet.defaults,
    blocks,
    adapterDim: adapterDim || 32,
    learningRate: isEvolved && chance(`${key}/rate`) > 0.5 ? 0.02 : 0.01,
  };
  const layers = layersOf(run, task, index, tasks, hyperparams, adapterDim, isEvolved);
  const steps = isEvolved ? 3 : 1;
  return {
    task,
    access: "public",
    images: { train: 1900, validation: 100 + 25 * index, test: 500 },
    classes: 10,
    children: isEvolved ? 32 : 1,
    validations: isEvolved ? 64 : 8,
    validationAccuracy: test + 0.02 + 0.01 * chance(`${key}/validation`),
    testAccuracy: test,
    accountedParams: isEvolved ? sizeOf(layers) / shared : baselineParams(variant, layers, tasks.length),
    hyperparams,
    adapters: adapterDim ? [0] : [],
    layers,
    curve: Array.from(
      { length: 8 },
      (_, i) => test + 0.02 - 0.3 * 0.6 ** i * (1 + 0.1 * chance(`${key}/${i}`)),
    ),
    lineage: Array.from({ length: steps }, (_, i) => ({
      model: 1 + i * 10 + index,
      hyperparams: { ...hyperparams, learningRate: [0.005, 0.01, hyperparams.learningRate][i + 3 - steps]! },
    })),
    ancestors: isEvolved
      ? Object.fromEntries(tasks.slice(0, index + 1).map((source, i) => [source, 1 + i]))
      : {},
    // Full fine-tuning spends half as many examples.
    effort: Array.from({ length: 8 }, (_, i) => ({
      examples: (i + 1) * (variant.method === "full" ? 4096 : 8192),
      flops: (i + 1) * (variant.method === "multi-head" ? 1e11 : 3e11),
      accuracy: test + 0.02 - 0.3 * 0.6 ** i,
    })),
    transfer: isEvolved && index > 0 ? { [tasks[index - 1]!]: 0.4, [task]: 0.6 } : { [task]: 1 },
  };
}

const sizeOf = (layers: readonly PointLayer[]): number =>
  layers.reduce((sum, { paramCount }) => sum + paramCount, 0);

/** What a baseline trains is a task's own; what it freezes is shared by all. */
function baselineParams(variant: Variant, layers: readonly PointLayer[], tasks: number): number {
  const isTrained = ({ name }: PointLayer): boolean =>
    variant.method === "full" ||
    name === "head" ||
    name === "encoder_norm" ||
    (variant.method === "adapters" && name.startsWith("residual_adapter")) ||
    (variant.method === "top" &&
      name.startsWith("encoderblock") &&
      Number(name.split("_")[1]) >= variant.frozen);
  const own = layers.filter(isTrained);
  return sizeOf(own) + (sizeOf(layers) - sizeOf(own)) / tasks;
}

/** Patch embedding and block 1 are shared by all tasks of an evolved point; everything else is the task's own. */
function layersOf(
  run: string,
  task: string,
  index: number,
  tasks: readonly string[],
  { blocks, imageSize, adapterDim: dim }: Hyperparams,
  adapterDim: number,
  isEvolved: boolean,
): PointLayer[] {
  const shape: Shape = {
    backbone: BACKBONES["Ti/16"],
    imageSize,
    blocks,
    adapters: adapterDim ? [0] : [],
    adapterDim: dim,
    classes: 10,
  };
  return componentNames(shape).map((name) => {
    const isRoots = name === "embedding" && isEvolved;
    const isFirsts = name === "encoderblock_0" && isEvolved && index < 3;
    const owner = isRoots ? "root" : isFirsts ? tasks[0]! : task;
    return {
      name,
      id: `${owner}-${name}-${run}`.slice(0, 60),
      paramCount: componentParamCount(name, shape),
      trainedBy: isRoots ? null : owner,
    };
  });
}

function sampledOf(scaleFactor: number, isTuned: boolean): SweepPoint["sampled"] {
  const around = (values: readonly (number | boolean | string)[], center: number) =>
    Object.fromEntries(
      values.map((value, i) => [String(value), Math.max(0, 40 - 15 * Math.abs(i - center))]),
    );
  const { search } = munet;
  if (!isTuned) return { blocks: around([1, 2, 3], 2 * scaleFactor) };
  return {
    blocks: around([1, 2, 3], 2 * scaleFactor),
    adapterDim: around(search.adapterDim!, 1 + 2 * scaleFactor),
    learningRate: around(search.learningRate!, 7),
    momentum: around(search.momentum!, 3),
    flip: around([false, true], 0),
    schedule: around(search.schedule!, 1),
    areaMin: around(search.areaMin!, 3),
  };
}
