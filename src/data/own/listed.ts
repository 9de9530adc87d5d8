// A person's own images as listed, before any of them is decoded.

import type { Split } from "../../core/task.js";
import type { Pixels } from "../formats/pixels.js";

/** One image that is not decoded yet. */
export type OwnImage =
  | {
      readonly kind: "file";
      /** For messages. */
      readonly where: string;
      /** The whole file. Throws data/bad-image, data/image-too-large. */
      readonly read: () => Uint8Array;
      /** Changes whenever the file's bytes may have. */
      readonly stamp: () => string;
    }
  | { readonly kind: "array"; readonly where: string; readonly pixels: () => Pixels };

/** Images of one split by class, in the order of the class names. */
export type ClassImages = readonly (readonly OwnImage[])[];

export interface Listed {
  /** For tables: "folder of images". */
  readonly kind: string;
  /** The label of a class is its index here. */
  readonly classNames: readonly string[];
  /** The given splits; without any, all images are in `train`. */
  readonly splits: Readonly<Partial<Record<Split, ClassImages>>> & { readonly train: ClassImages };
  /** Number of files and links left out. */
  readonly ignored: number;
  /** Channels and side of the images, if all have the same square size already. */
  readonly native?: { readonly side: number; readonly channels: 1 | 3 };
}
