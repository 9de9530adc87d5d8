// A catalog entry for a task, as plain data: its published sets, their files and formats, how they are split into training,
// validation and test images, and what a person needs to know to cite or download them.

import type { LabelKeeping, Split } from "../core/task.js";
import type { GlyphSet } from "./glyphs/glyph-set.js";

/** The bytes that a file must have. */
export interface Pin {
  readonly sha256: string;
  readonly bytes: number;
}

/** A published file: where it is below a data folder, and what it must contain. */
export interface DataFile extends Pin {
  /** Below MULAB_DATA and below the cache, with forward slashes. */
  readonly path: string;
  /** Download address; undefined if a person has to provide the file. */
  readonly url?: string;
  /** Other archives of exactly the same images, accepted too. */
  readonly also?: readonly Pin[];
}

/** How the files of a set are read. */
export type SetFormat =
  /** One file with `images` and `labels`. */
  | { readonly kind: "npz" }
  /** Images, then labels, gzip or plain. */
  | { readonly kind: "idx" }
  /** A zip of idx files; the two members' names begin with `stem`. They may hold more images than the set, which is then their beginning. */
  | { readonly kind: "zipped-idx"; readonly stem: string; readonly holds?: number }
  /** A zip of PNGs whose names begin with the character's number. */
  | { readonly kind: "omniglot" };

/** Published files that are known byte for byte, and how they are read. */
export interface PinnedFiles {
  readonly format: SetFormat;
  readonly files: readonly DataFile[];
}

/** Images that are published together ("train", "small1"). */
export interface PublishedSet {
  /** Images in it. */
  readonly count: number;
  readonly pinned?: PinnedFiles;
  /** Where the set is found in a prepared dataset; by default in the task's own, as the split of the set's name. */
  readonly prepared?: { readonly dataset: string; readonly split: string };
}

/** The label in a prepared dataset: a feature, or a rule to compute it. */
export type LabelRule = { readonly feature: string } | { readonly derived: DerivedLabel };

export type DerivedLabel =
  | "clevr/count_all"
  | "clevr/count_cylinders"
  | "clevr/closest_object_distance"
  | "kitti/closest_object_distance"
  | "kitti/count_vehicles"
  | "kitti/closest_vehicle_distance";

/**
 * The same images as TensorFlow Datasets prepares them (TFRecord) or as public hubs publish them (Parquet). Such files can't
 * be pinned, so their contents are checked instead: features, classes, counts, the checksum of every record.
 */
export interface Prepared {
  /** TensorFlow Datasets' name with its configuration, which is also the folder: "visual_domain_decathlon/aircraft". */
  readonly dataset: string;
  readonly label: LabelRule;
  /** Factor on decoded bytes; 1 by default. dsprites' PNGs hold 0 and 1. */
  readonly times?: number;
}

/** Sizes of sets by name, which is all that splitting needs. */
export type SetSizes = Readonly<Record<string, { readonly count: number }>>;

/**
 * Splits in the papers' notation (TensorFlow Datasets'): a set's name, with a slice in rows or per cent where it is not
 * all of the set: "train[5%:]", "train[:2754]". "share" stands for the experiment's own share of validation images.
 */
export interface Slices extends Readonly<Record<Split, string>> {
  readonly by: "slices";
}

/** Of every `group` rows that follow each other in `set` (a class), this many validate and test, drawn by seed. */
export interface PerGroup {
  readonly by: "group";
  readonly set: string;
  readonly group: number;
  readonly validation: number;
  readonly test: number;
  /** Rows excluded from all splits: duplicate images. */
  readonly without: readonly number[];
}

export type SplitRule = Slices | PerGroup;

interface Described {
  readonly name: string;
  readonly title: string;
  readonly classes: number;
  /** Width and height in pixels. */
  readonly imageSize: number;
  readonly channels: 1 | 3;
  readonly splits: SplitRule;
  readonly licence: string;
  /** In a few words, for tables. */
  readonly source: string;
  readonly citation: string;
  /** Anything else a person should know about it. */
  readonly remark?: string;
  /** The augmentations that keep its labels, for runs that need not reproduce the papers' numbers; by default all. */
  readonly keeps?: LabelKeeping;
}

export interface PublishedTask extends Described {
  readonly kind: "published";
  readonly sets: Readonly<Record<string, PublishedSet>>;
  /** For sets without pinned files, and for those whose pinned files are not on disk. */
  readonly prepared?: Prepared;
  /** Images differ in size and are stretched to imageSize × imageSize when decoded. */
  readonly stretched?: boolean;
  /** Sides of about imageSize are all that the images have: decoding them larger would only blow them up. */
  readonly isSmall?: boolean;
}

export interface GeneratedTask extends Described {
  readonly kind: "generated";
  readonly sets: SetSizes;
  readonly glyphs: GlyphSet;
}

export type CatalogTask = PublishedTask | GeneratedTask;

/** The first `share` of the shuffled train set validates, the rest trains, and the test set tests. */
export const heldOut = (share: string): Slices => ({
  by: "slices",
  train: `train[${share}:]`,
  validation: `train[:${share}]`,
  test: "test",
});
