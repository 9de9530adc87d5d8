// Shorthand for tasks whose files can't be pinned: they are read as TensorFlow Datasets prepares them (or from a hub's
// Parquet files), and their contents are checked.

import type { LabelRule, PublishedSet, PublishedTask } from "../catalog-entry.js";

export interface PreparedTask {
  readonly name: string;
  readonly title: string;
  readonly classes: number;
  /** Native width and height in pixels; undefined where images differ in size. */
  readonly size?: number;
  readonly channels?: 1 | 3;
  /** Images by published split, or a set of another dataset. */
  readonly sets: Readonly<Record<string, number | PublishedSet>>;
  /** Train, validation and test in TensorFlow Datasets' notation. */
  readonly splits: readonly [string, string, string];
  /** TensorFlow Datasets' name, where it is not the task's. */
  readonly dataset?: string;
  readonly label?: LabelRule;
  readonly times?: number;
  readonly citation: string;
  readonly remark?: string;
  /** Images of varying sizes have sides of about the default size, and no more. */
  readonly isSmall?: boolean;
}

/** The default size to which images of varying sizes are stretched. The papers crop first, then stretch to 384 px. */
const STRETCHED = 224;

/** The catalog entry. `stretched` in pixels is for images that differ in size. */
export function preparedTask(task: PreparedTask, stretched: number = STRETCHED): PublishedTask {
  const { name, title, classes, size, channels = 3, citation, remark } = task;
  const dataset = task.dataset ?? name;
  const [train, validation, test] = task.splits;
  return {
    kind: "published",
    name,
    title,
    classes,
    imageSize: size ?? stretched,
    channels,
    ...(size === undefined && { stretched: true }),
    ...(task.isSmall && { isSmall: true }),
    sets: Object.fromEntries(
      Object.entries(task.sets).map(([set, count]) => [set, typeof count === "number" ? { count } : count]),
    ),
    splits: { by: "slices", train, validation, test },
    prepared: {
      dataset,
      label: task.label ?? { feature: "label" },
      ...(task.times !== undefined && { times: task.times }),
    },
    licence: "see source",
    source: `${dataset} (TensorFlow Datasets)`,
    citation,
    ...(remark !== undefined && { remark }),
  };
}
