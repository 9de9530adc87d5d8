// The tasks that can be asked for by name, as plain data: published sets with where their files come from, and
// generated ones. Sizes are those of the published files; validation images are taken out of `train` on loading.

import { unknownName } from "../core/errors.js";
import { DIGITS, SCRIPTS, type Script } from "./glyphs/scripts.js";

/** A published file: where it lies below a data folder, and what it must be. */
export interface DataFile {
  /** Below MULAB_DATA and below the cache, with forward slashes. */
  readonly path: string;
  readonly url: string;
  readonly sha256: string;
  readonly bytes: number;
}

interface Described {
  readonly name: string;
  readonly title: string;
  readonly classes: number;
  /** Width and height in pixels. */
  readonly imageSize: number;
  /** Images, validation included, and test images. */
  readonly train: number;
  readonly test: number;
  readonly licence: string;
  /** In a few words, for tables. */
  readonly source: string;
  readonly citation: string;
}

export interface PublishedTask extends Described {
  readonly kind: "published";
  readonly files: { readonly train: DataFile; readonly test: DataFile };
}

export interface GeneratedTask extends Described {
  readonly kind: "generated";
  readonly script: Script;
}

export type CatalogTask = PublishedTask | GeneratedTask;

const CMATERDB =
  "https://raw.githubusercontent.com/prabhuomkar/CMATERdb/e65568bc9cd8c4d53cb68a9c9b031634389d259b/datasets";

/** sha256 and size in bytes of training-images.npz and of testing-images.npz. */
type Pins = readonly [trainSha256: string, trainBytes: number, testSha256: string, testBytes: number];

function cmaterdb(script: string, train: number, test: number, pins: Pins): PublishedTask {
  const folder = `${script}-numerals`;
  const file = (name: string, sha256: string, bytes: number): DataFile => ({
    path: `cmaterdb/${folder}/${name}`,
    url: `${CMATERDB}/${folder}/${name}`,
    sha256,
    bytes,
  });
  return {
    kind: "published",
    name: `cmaterdb/${script}`,
    title: `Handwritten ${script[0]!.toUpperCase()}${script.slice(1)} numerals`,
    classes: 10,
    imageSize: 32,
    train,
    test,
    licence: "Apache-2.0 (the repository); the original set is free for non-commercial use",
    source: "cmaterdb (published files)",
    citation:
      "N. Das et al., A statistical-topological feature combination for recognition of handwritten numerals, and A genetic algorithm based region sampling for selection of local features in handwritten digit recognition application, Applied Soft Computing 12, 2012",
    files: {
      train: file("training-images.npz", pins[0], pins[1]),
      test: file("testing-images.npz", pins[2], pins[3]),
    },
  };
}

const glyphs = (script: Script): GeneratedTask => ({
  kind: "generated",
  name: `glyphs/${script.name}`,
  title: `Drawn ${script.title} numerals`,
  classes: DIGITS,
  imageSize: 32,
  train: script.perClass[0] * DIGITS,
  test: script.perClass[1] * DIGITS,
  licence: "drawn from Noto fonts (SIL Open Font License 1.1)",
  source: "generated glyphs",
  citation: "The Noto Project Authors, Noto fonts, https://fonts.google.com/noto",
  script,
});

/** Every task there is, published ones first. */
export const CATALOG: readonly CatalogTask[] = [
  cmaterdb("bangla", 5000, 1000, [
    "502957392649eecad013ac425b54fecc6d06dbc06bc647a46b0cfc6b96e2c130",
    489_289,
    "d1c9780ba5decc135175a021bd29961cd7316db009f428d8c04b84ba36a6d67a",
    98_295,
  ]),
  cmaterdb("devanagari", 2500, 500, [
    "e690d54f7c82e12e3c5ba99221672dc3fc7b6ad493e495077f7e26332558ae86",
    234_882,
    "1636fa10484100486b96a3e938cee4c6adeddcfb1e91c9dbb5166fb9a260216d",
    47_017,
  ]),
  cmaterdb("telugu", 2500, 500, [
    "32f9b5b135c8084f0cf646bc6a70358767653b1f8c6d19bd64ad5d5cbf1d9467",
    241_764,
    "182806a45091da53b4ad98d4425130c0ebbf9bc1bf50fb58b3e5ea65ee33c7c6",
    48_946,
  ]),
  ...SCRIPTS.map(glyphs),
];

/** The generated task that stands in for a published one that can't be had: the same script's numerals. */
export const GLYPHS_FOR: Readonly<Record<string, string>> = {
  "cmaterdb/bangla": "glyphs/bengali",
  "cmaterdb/devanagari": "glyphs/devanagari",
  "cmaterdb/telugu": "glyphs/telugu",
};

/** The task of that name; throws task/unknown with the nearest one. */
export function taskNamed(name: string): CatalogTask {
  const task = CATALOG.find((entry) => entry.name === name);
  if (!task)
    throw unknownName(
      "task",
      name,
      CATALOG.map((entry) => entry.name),
    );
  return task;
}
