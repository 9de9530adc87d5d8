// What the catalog says of a task, as plain data: which published sets it has, in which files and format, how
// training, validation and test images are cut out of them, and what a person has to know to cite or fetch them.

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
  /** Where it can be downloaded; undefined where it has to be put there by hand. */
  readonly url?: string;
  /** Other packings of the very same images, accepted too. */
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

/** What a prepared dataset holds beside images: the feature that is the label, or one that has to be worked out. */
export type LabelRule = { readonly feature: string } | { readonly derived: DerivedLabel };

export type DerivedLabel =
  | "clevr/count_all"
  | "clevr/count_cylinders"
  | "clevr/closest_object_distance"
  | "kitti/closest_object_distance"
  | "kitti/count_vehicles"
  | "kitti/closest_vehicle_distance";

/**
 * The same images as TensorFlow Datasets prepares them (TFRecord) or as public hubs publish them (Parquet). Nobody can
 * pin such files, so what is in them is checked instead: features, classes, counts, every record's checksum.
 */
export interface Prepared {
  /** TensorFlow Datasets' name with its configuration, which is also the folder: "visual_domain_decathlon/aircraft". */
  readonly dataset: string;
  readonly label: LabelRule;
  /** What decoded bytes are multiplied by; 1 by default. dsprites' PNGs hold 0 and 1. */
  readonly times?: number;
}

/** Sizes of sets by name: all that splitting needs to know of them. */
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
  /** Rows that no split has: second copies of an image. */
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
  /** What else a person should know of it. */
  readonly remark?: string;
  /** The augmentations that keep its labels, where a run is not to make the papers' numbers; all where it is left out. */
  readonly keeps?: LabelKeeping;
}

export interface PublishedTask extends Described {
  readonly kind: "published";
  readonly sets: Readonly<Record<string, PublishedSet>>;
  /** For sets without pinned files, and for those whose pinned files are not on disk. */
  readonly prepared?: Prepared;
  /** Images differ in size and are stretched to imageSize × imageSize when decoded. */
  readonly stretched?: boolean;
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
