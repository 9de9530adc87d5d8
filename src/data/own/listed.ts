// What is found of a person's own images before any of them is decoded.

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
  /** A class's label is its place here. */
  readonly classNames: readonly string[];
  /** What is given as splits. All images are in `train` where none are. */
  readonly splits: Readonly<Partial<Record<Split, ClassImages>>> & { readonly train: ClassImages };
  /** Files and links that were left out; a count. */
  readonly ignored: number;
  /** Channels and the side of the images where every one has the same square size already. */
  readonly native?: { readonly side: number; readonly channels: 1 | 3 };
}
