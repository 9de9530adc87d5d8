// The tasks that have names: published sets, with the sources of their files, and generated ones.

import { unknownName } from "../../core/errors/index.js";
import { KEEPS_LABELS } from "../../core/task.js";
import { type CatalogTask, type GeneratedTask, heldOut } from "../catalog-entry.js";
import type { GlyphSet } from "../glyphs/glyph-set.js";
import { GLYPH_SETS } from "../glyphs/sets.js";
import { CMATERDB } from "./cmaterdb.js";
import { DECATHLON } from "./decathlon.js";
import { IDX_DIGITS } from "./idx-digits.js";
import { OMNIGLOT } from "./omniglot.js";
import { VIT } from "./vit.js";
import { VTAB, VTAB_1K } from "./vtab.js";

function glyphs(set: GlyphSet): GeneratedTask {
  const classes = set.classes.length;
  const [train, test] = set.perClass;
  return {
    kind: "generated",
    name: `glyphs/${set.name}`,
    title: `Drawn ${set.title}`,
    classes,
    imageSize: 32,
    channels: 3,
    sets: { train: { count: train * classes }, test: { count: test * classes } },
    splits: heldOut("share"),
    licence: "drawn from Noto fonts (SIL Open Font License 1.1)",
    source: "generated glyphs",
    citation: "The Noto Project Authors, Noto fonts, https://fonts.google.com/noto",
    glyphs: set,
  };
}

/** Characters and signs change their meaning when they are mirrored or cropped to a corner. */
const ORIENTED = /^(cmaterdb|emnist|kmnist|mnist|omniglot|glyphs)(\/|$)|svhn|gtsrb|^decathlon\/omniglot$/;

const withKeeping = (task: CatalogTask): CatalogTask =>
  ORIENTED.test(task.name) ? { ...task, keeps: KEEPS_LABELS } : task;

/** All tasks, published ones first. */
export const CATALOG: readonly CatalogTask[] = [
  ...CMATERDB,
  ...IDX_DIGITS,
  ...OMNIGLOT,
  ...DECATHLON,
  ...VIT,
  ...VTAB,
  ...VTAB_1K,
  ...GLYPH_SETS.map(glyphs),
].map(withKeeping);

/** The generated task that stands in for a published one that can't be obtained: of the same script where there is a font for it, else another with as many classes. */
export const GLYPHS_FOR: Readonly<Record<string, string>> = {
  "cmaterdb/bangla": "glyphs/bengali",
  "cmaterdb/devanagari": "glyphs/devanagari",
  "cmaterdb/telugu": "glyphs/telugu",
  "emnist/digits": "glyphs/latin-digits",
  "emnist/letters": "glyphs/latin-letters",
  mnist: "glyphs/latin-serif-digits",
  kmnist: "glyphs/khmer",
  "kmnist/first7000": "glyphs/khmer",
  omniglot: "glyphs/indic-letters",
  "omniglot/clean": "glyphs/indic-letters",
};

export const isTaskName = (name: string): boolean => CATALOG.some((entry) => entry.name === name);

/** The task of that name; throws task/unknown with the nearest one. */
export function taskNamed(name: string): CatalogTask {
  const task = CATALOG.find((entry) => entry.name === name);
  if (!task)
    throw unknownName(
      "task",
      name,
      CATALOG.map((entry) => entry.name),
      "",
      "mulab tasks",
    );
  return task;
}
