// Omniglot twice: as both papers split it, and with our own split in which no image is on both sides. In the papers' own
// split every validation and test image (small1, small2) is also a training image; `overlapOf` counts them.

import type { DataFile, Pin, PublishedSet, PublishedTask } from "../catalog-entry.js";

const SOURCE = "https://github.com/brendenlake/omniglot/raw/master/python";

function images(name: string, count: number, pin: Pin, also?: Pin): PublishedSet {
  const file: DataFile = {
    path: `omniglot/${name}.zip`,
    url: `${SOURCE}/${name}.zip`,
    ...pin,
    ...(also && { also: [also] }),
  };
  return { count, pinned: { format: { kind: "omniglot" }, files: [file] } };
}

const background = images(
  "images_background",
  19_280,
  { sha256: "ad41ab679c8b5d90b271ef46be6987cc81211774a695c29dcc5367b2b26ee640", bytes: 9_464_212 },
  // The same PNGs in the same folders, packed again with sorted names.
  { sha256: "7a4cae547f16207901bd3acaabd866c1dbbef4d559dff26d797dbc6423a64a1e", bytes: 8_588_032 },
);

const omniglot = {
  kind: "published",
  imageSize: 105,
  channels: 1,
  licence: "MIT",
  citation:
    "B. M. Lake, R. Salakhutdinov, J. B. Tenenbaum, Human-level concept learning through probabilistic program induction, Science 350, 2015",
} as const;

/** Drawings of each character, one after another in a set. */
const DRAWINGS = 20;

export const OMNIGLOT: readonly PublishedTask[] = [
  {
    ...omniglot,
    name: "omniglot",
    title: "Handwritten characters of many alphabets",
    classes: 1623,
    source: "omniglot (published files)",
    remark: "As published: every validation and test image (small1, small2) is also a training image.",
    sets: {
      train: background,
      small1: images("images_background_small1", 2720, {
        sha256: "f38eb80f801274ac2b4dff5b24289016bfaba4a7d5bb50deebf27104ad6cb8a4",
        bytes: 1_319_022,
      }),
      small2: images("images_background_small2", 3120, {
        sha256: "3ccaa407515a8778e5d0861875af38b17e418f301ad5bb3b5a6b65d901a41c7f",
        bytes: 1_580_917,
      }),
    },
    splits: { by: "slices", train: "train", validation: "small1", test: "small2" },
  },
  {
    ...omniglot,
    name: "omniglot/clean",
    title: "Handwritten characters of many alphabets, no image on both sides",
    classes: 964,
    source: "omniglot background (a split of our own)",
    remark:
      "A split of our own: of each character's 20 drawings 3 test, the same ones for every seed, 3 validate and 14 train, drawn by the run's seed. The one drawing that is there twice is left out once.",
    sets: { train: background },
    // Row 4818, Braille/character01/0192_19, is 0192_03 again, pixel for pixel; there is no other such pair.
    splits: { by: "group", set: "train", group: DRAWINGS, validation: 3, test: 3, without: [4818] },
  },
];
