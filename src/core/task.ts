// A task with its images in memory, as training and evaluation see it, and what makes a person's own images one.

import { isAccess } from "./access.js";
import type { Preprocessing } from "./hyperparams.js";
import type { Access, TaskName } from "./model.js";

export type Split = "train" | "validation" | "test";

/** Decoded images: pixels [count, height, width, channels] as bytes 0…255, labels [count] in 0…classes-1. Shared memory, so a worker reads them without a copy. */
export interface Images {
  readonly pixels: Uint8Array<SharedArrayBuffer>;
  readonly labels: Int32Array<SharedArrayBuffer>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The augmentations that leave a task's labels true. Training leaves out the others, whatever a model's hyperparameters say. */
export interface LabelKeeping {
  /** Mirroring left to right, after which "b" looks like "d" and "turn left" like "turn right". */
  readonly flip: boolean;
  /** Smallest share of the image's area that a crop may keep; 0 leaves it to the hyperparameters. */
  readonly areaMin: number;
  /** Turning hues, after which red may be green. */
  readonly hue: boolean;
}

/** The papers' setting: whatever the hyperparameters say. */
export const KEEPS_ALL: LabelKeeping = { flip: true, areaMin: 0, hue: true };

/** For letters, digits, signs and images of which nothing is known: upright, mostly whole, in their own colours. */
export const KEEPS_LABELS: LabelKeeping = { flip: false, areaMin: 0.5, hue: false };

/** `preprocessing` without what would change the labels of a task; itself where the task says nothing. */
export function keepingLabels(preprocessing: Preprocessing, keeps: LabelKeeping | undefined): Preprocessing {
  if (!keeps) return preprocessing;
  const { flip, areaMin, hue } = preprocessing;
  return {
    ...preprocessing,
    flip: flip && keeps.flip,
    areaMin: Math.max(areaMin, keeps.areaMin),
    hue: keeps.hue ? hue : 0,
  };
}

/** Where a person's own images are and how they become a task, as data: a run stores it and finds them again. */
export interface OwnImages {
  /** Absolute path of a folder, a zip archive, or an idx or npz file. */
  readonly path: string;
  /** Width and height in pixels that every image is stretched to. */
  readonly imageSize?: number;
  /** Share of each class's images that validates; unused where there are validation images. */
  readonly validation?: number;
  /** Share of each class's images that tests; unused where there are test images. */
  readonly test?: number;
  /** Decides which images train, validate and test, and their order. */
  readonly seed?: number;
  /** Whether symbolic links are followed. */
  readonly followLinks?: boolean;
}

export interface Task {
  readonly name: TaskName;
  readonly access: Access;
  readonly classes: number;
  readonly splits: Readonly<Record<Split, Images>>;
  /** sha-256 over the decoded splits: a resumed run must train on the same images. */
  readonly fingerprint: string;
  /** Where the images came from, in a few words for tables: "cmaterdb (published files)", "generated glyphs". */
  readonly source: string;
  /** Label i is classNames[i]. */
  readonly classNames?: readonly string[];
  /** All augmentations where it is left out. */
  readonly keeps?: LabelKeeping;
  /** Where a resumed run finds them again, where they are a person's own. */
  readonly images?: OwnImages;
}

/** What is wrong with a task that somebody made. */
export interface TaskProblem {
  /** Such as "splits.train.labels". */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

const SPLIT_NAMES: readonly Split[] = ["train", "validation", "test"];

/** The first thing that keeps a value from being a task that can be trained on, or undefined. Reads every label. */
export function taskProblem(task: Task): TaskProblem | undefined {
  const problem = (path: string, found: unknown, expected: string): TaskProblem => ({
    path,
    found: shown(found),
    expected,
  });
  for (const key of ["name", "fingerprint", "source"] as const)
    if (typeof task[key] !== "string" || task[key] === "") return problem(key, task[key], "text");
  if (!isAccess(task.access))
    return problem("access", task.access, '"public", "private", or a list of the tasks that may build on it');
  const { classes, classNames } = task;
  if (!Number.isSafeInteger(classes) || classes < 1)
    return problem("classes", classes, "a whole number, at least 1");
  if (classNames !== undefined) {
    if (!Array.isArray(classNames) || classNames.some((name) => typeof name !== "string"))
      return problem("classNames", classNames, "a list of texts");
    if (classNames.length !== classes)
      return problem("classNames", `${classNames.length} names`, `${classes}, one per class`);
  }
  for (const split of SPLIT_NAMES) {
    const found = imagesProblem(task.splits?.[split], classes);
    if (found) return { ...found, path: `splits.${split}${found.path && `.${found.path}`}` };
  }
  const { channels } = task.splits.train;
  const other = SPLIT_NAMES.find((split) => task.splits[split].channels !== channels);
  if (other)
    return problem(`splits.${other}.channels`, task.splits[other].channels, `${channels}, as in train`);
  return undefined;
}

function imagesProblem(images: Images | undefined, classes: number): TaskProblem | undefined {
  const problem = (path: string, found: unknown, expected: string): TaskProblem => ({
    path,
    found: shown(found),
    expected,
  });
  if (typeof images !== "object" || images === null) return problem("", images, "images");
  const { pixels, labels, count, height, width, channels } = images;
  for (const [key, value] of Object.entries({ count, height, width }))
    if (!Number.isSafeInteger(value) || value < 1) return problem(key, value, "a whole number, at least 1");
  if (channels !== 1 && channels !== 3) return problem("channels", channels, "1 or 3");
  if (!(pixels instanceof Uint8Array)) return problem("pixels", typeName(pixels), "a Uint8Array");
  if (pixels.length !== count * height * width * channels)
    return problem(
      "pixels",
      `${pixels.length} bytes`,
      `${count * height * width * channels}, for [${count}, ${height}, ${width}, ${channels}]`,
    );
  if (!(labels instanceof Int32Array)) return problem("labels", typeName(labels), "an Int32Array");
  if (labels.length !== count) return problem("labels", `${labels.length} labels`, `${count}, one per image`);
  for (let i = 0; i < count; i++) {
    const label = labels[i]!;
    if (label < 0 || label >= classes) return problem(`labels[${i}]`, label, `0…${classes - 1}`);
  }
  return undefined;
}

const typeName = (value: unknown): string =>
  typeof value === "object" && value !== null ? (value.constructor?.name ?? "object") : typeof value;

function shown(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return typeName(value);
}
