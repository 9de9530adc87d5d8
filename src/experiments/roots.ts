// The roots that experiments begin with: the checkpoint of the paper where its file is on disk (method.md §a.4), else, for
// characters, a root that mulab pretrains itself, once, by a fixed recipe. Nothing is downloaded here.

import { basename } from "node:path";
import { defaultRootPlaces, type RootPlaces, rootFiles } from "../checkpoints/find.js";
import { checkpointRoot, factsOf } from "../checkpoints/load.js";
import { hasCode } from "../core/errors.js";
import type { RootSpec } from "../core/experiment.js";
import { type PretrainOptions, pretrain } from "../pretrain/pretrain.js";

const L16 = { file: "L_16-i21k-300ep-lr_0.001-aug_medium2-wd_0.03-do_0.1-sd_0.1.npz", blocks: 24 };

/** The checkpoints of the papers, by experiment. */
const PUBLISHED: Readonly<Record<string, { readonly file: string; readonly blocks: number }>> = {
  vit: L16,
  "vtab-full": L16,
  "vtab-1k": L16,
  characters: { file: "Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0.npz", blocks: 3 },
  decathlon: { file: "B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0.npz", blocks: 12 },
};

/** The name of the file that the paper's experiment begins with; undefined where it begins with none. */
export const publishedFile = (experiment: string): string | undefined => PUBLISHED[experiment]?.file;

/** The root of the paper for this experiment, where its file is on disk. */
export async function publishedRoot(
  experiment: string,
  places: RootPlaces = defaultRootPlaces(),
): Promise<RootSpec | undefined> {
  const published = PUBLISHED[experiment];
  if (!published) return undefined;
  try {
    return await checkpointRoot(published.file, { blocks: published.blocks, places });
  } catch (error) {
    if (hasCode(error, "root/missing")) return undefined;
    throw error;
  }
}

/** Its name and version: a change of anything below is a new recipe. */
const RECIPE = "characters-1";

/** What makes a root for characters: letters of many scripts, none of them a script of the benchmark. */
export const CHARACTERS_RECIPE = {
  recipe: RECIPE,
  task: "glyphs/letters",
  backbone: "Ti/16",
  blocks: 3,
  imageSize: 32,
  steps: 1_500,
  batchSize: 256,
  learningRate: 0.1,
  seed: 0,
} as const satisfies PretrainOptions;

/** For people, before it starts. */
const FORECAST = "about 4 minutes on 2 cores, once";

export interface CharactersRootOptions
  extends Pick<
    PretrainOptions,
    "offline" | "onData" | "onProgress" | "signal" | "engine" | "device" | "threads" | "maxBytes" | "places"
  > {
  /** Hears one line before a pretraining starts. */
  readonly onNote?: (line: string) => void;
}

/** The root of the `characters` experiment: the paper's file where it is on disk, else one that the recipe made, else it is made now. Throws as `pretrain`. */
export async function ensureCharactersRoot(options: CharactersRootOptions = {}): Promise<RootSpec> {
  const { places = defaultRootPlaces(), onNote, ...rest } = options;
  const there = await charactersRootOnDisk(places);
  if (there) return there;
  onNote?.(
    `Pretraining a root on ${CHARACTERS_RECIPE.task} (${CHARACTERS_RECIPE.steps} steps, ${FORECAST}; the paper's checkpoint, ${PUBLISHED.characters!.file}, would be used if it lay in checkpoints/ below MULAB_DATA or in ${places.cache}).`,
  );
  return (await pretrain({ ...CHARACTERS_RECIPE, ...rest, places })).root;
}

/** The same, without making one. */
export async function charactersRootOnDisk(
  places: RootPlaces = defaultRootPlaces(),
): Promise<RootSpec | undefined> {
  return (await publishedRoot("characters", places)) ?? (await pretrainedRoot(places));
}

/** A root that the recipe made; its name begins with the recipe's, its provenance says so. */
async function pretrainedRoot(places: RootPlaces): Promise<RootSpec | undefined> {
  for (const path of await rootFiles(places)) {
    const name = basename(path);
    if (!name.startsWith(`${RECIPE}-`)) continue;
    if ((await factsOf(path)).provenance?.recipe === RECIPE) return checkpointRoot(name, { places });
  }
  return undefined;
}
