// The options of a pretraining and their defaults.

import type { RootPlaces } from "../checkpoints/find.js";
import { BACKBONES, type Backbone } from "../core/components.js";
import { unknownName, valueNotValid } from "../core/errors/index.js";
import { munet } from "../core/methods.js";
import type { Task } from "../core/task.js";
import type { TaskProgress } from "../data/tasks.js";
import type { TrainerOptions } from "../engine/trainer.js";
import type { Pretraining } from "./plan.js";

/** The progress of a pretraining. */
export interface PretrainProgress {
  readonly steps: number;
  readonly done: number;
  /** Validation accuracy in [0, 1]; null before the first validation. */
  readonly accuracy: number | null;
  readonly secondsLeft: number | null;
}

export interface PretrainOptions extends Pick<TrainerOptions, "engine" | "device" | "threads" | "maxBytes"> {
  /** Name of a task or folder:PATH of own images, or a task that is loaded; glyphs/letters by default. */
  readonly task?: string | Task;
  readonly blocks?: number;
  readonly backbone?: Backbone | keyof typeof BACKBONES;
  readonly imageSize?: number;
  /** How long to train: gradient steps, or minutes, which are turned into steps by a short trial. */
  readonly steps?: number;
  readonly minutes?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  /** Never use the network. */
  readonly offline?: boolean;
  /** Where to write the file; by default a folder of roots in the user's cache. */
  readonly out?: string;
  readonly places?: RootPlaces;
  /** Named in the provenance, and in the name of the file. */
  readonly recipe?: string;
  readonly signal?: AbortSignal;
  readonly onData?: (progress: TaskProgress) => void;
  /** Receives what a person should know before relying on the task. */
  readonly onNote?: (note: string) => void;
  readonly onProgress?: (progress: PretrainProgress) => void;
}

export const PRETRAIN_DEFAULTS = {
  task: "glyphs/letters",
  blocks: 3,
  backbone: "Ti/16",
  imageSize: 32,
  steps: 1_500,
  batchSize: 256,
  learningRate: 0.1,
  seed: 0,
} as const;

/** The requested pretraining, without its task's classes. Throws backbone/unknown, options/not-valid. */
export function pretrainingOf(options: PretrainOptions): Pretraining {
  const {
    blocks,
    backbone: named,
    imageSize,
    steps,
    minutes,
    batchSize,
    learningRate,
    seed,
  } = {
    ...PRETRAIN_DEFAULTS,
    minutes: undefined,
    ...options,
  };
  if (typeof named === "string" && !Object.hasOwn(BACKBONES, named))
    throw unknownName("backbone", named, Object.keys(BACKBONES));
  const backbone = typeof named === "string" ? BACKBONES[named] : named;
  const atLeast = (what: string, value: number, least: number) => {
    if (!Number.isSafeInteger(value) || value < least)
      throw valueNotValid(what, value, `a whole number, at least ${least}`);
  };
  atLeast("blocks", blocks, 1);
  atLeast("steps", steps, 1);
  atLeast("batchSize", batchSize, 1);
  atLeast("seed", seed, 0);
  if (!Number.isSafeInteger(imageSize / backbone.patch) || imageSize < backbone.patch)
    throw valueNotValid("imageSize", imageSize, `a multiple of the patch, ${backbone.patch}`);
  if (!(learningRate > 0)) throw valueNotValid("learningRate", learningRate, "a number above 0");
  if (minutes !== undefined && options.steps !== undefined)
    throw valueNotValid("minutes", minutes, "left out if steps are given");
  if (minutes !== undefined && !(minutes > 0)) throw valueNotValid("minutes", minutes, "a number above 0");
  const { adapterDim } = munet.defaults;
  const shape = { backbone, imageSize, blocks, adapters: [], adapterDim, classes: 1 };
  return { shape, seed, steps, batchSize, learningRate };
}
