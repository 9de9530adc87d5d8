// Finds the root that an experiment asks for: the paper's checkpoint if its file is on disk (method.md §a.4), or one that
// mulab pretrains, once, by the experiment's recipe. Nothing is downloaded here.

import { basename } from "node:path";
import { defaultRootPlaces, type RootPlaces, rootFiles } from "../checkpoints/find.js";
import { checkpointRoot, factsOf } from "../checkpoints/load.js";
import { hasCode } from "../core/errors/index.js";
import type { RootRecipe, RootSpec, RootWish } from "../core/experiment.js";
import { type PretrainOptions, pretrain } from "../pretrain/pretrain.js";
import { CHARACTERS_ROOT } from "./characters.js";

/** The requested root if it is on disk: the paper's, or one that the recipe made. */
export async function rootOnDisk(
  { file, blocks, recipe }: RootWish,
  places: RootPlaces = defaultRootPlaces(),
): Promise<RootSpec | undefined> {
  try {
    return await checkpointRoot(file, { blocks, places });
  } catch (error) {
    if (!hasCode(error, "root/missing")) throw error;
    return recipe && madeBy(recipe, places);
  }
}

/** A root that the recipe made, recognized by its name, which begins with the recipe's, and its provenance. */
async function madeBy({ recipe }: RootRecipe, places: RootPlaces): Promise<RootSpec | undefined> {
  for (const path of await rootFiles(places)) {
    const name = basename(path);
    if (!name.startsWith(`${recipe}-`)) continue;
    if ((await factsOf(path)).provenance?.recipe === recipe) return checkpointRoot(name, { places });
  }
  return undefined;
}

export interface RootOptions
  extends Pick<
    PretrainOptions,
    "offline" | "onData" | "onProgress" | "signal" | "engine" | "device" | "threads" | "maxBytes" | "places"
  > {
  /** Receives one line before a pretraining starts. */
  readonly onNote?: (line: string) => void;
}

/** The requested root, made now if it is not on disk and there is a recipe; undefined if there is none. Throws as `pretrain`. */
export async function ensureRoot(wish: RootWish, options: RootOptions = {}): Promise<RootSpec | undefined> {
  const { places = defaultRootPlaces(), onNote, ...rest } = options;
  const there = await rootOnDisk(wish, places);
  if (there || !wish.recipe) return there;
  const { forecast, backbone, ...recipe } = wish.recipe;
  onNote?.(
    `Pretraining a root on ${recipe.task} (${recipe.steps} steps, ${forecast}; the paper's checkpoint, ${wish.file}, is used if it is in checkpoints/ below MULAB_DATA or in ${places.cache}).`,
  );
  const backboneName = backbone as Extract<PretrainOptions["backbone"], string>; // pretrain checks it
  return (await pretrain({ ...recipe, backbone: backboneName, ...rest, places })).root;
}

export type CharactersRootOptions = RootOptions;

/** The root of the `characters` experiment: the paper's file if it is on disk, or one that the recipe made before or makes now. Throws as `pretrain`. */
export async function ensureCharactersRoot(options: CharactersRootOptions = {}): Promise<RootSpec> {
  return (await ensureRoot(CHARACTERS_ROOT, options))!;
}
