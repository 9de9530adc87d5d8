// Which root an experiment begins with: the paper's file where it is on disk, else one that the recipe made.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { CHARACTERS_ROOT } from "../../src/experiments/characters.js";
import { experimentOf } from "../../src/experiments/index.js";
import { preliminary } from "../../src/experiments/preliminary.js";
import { ensureCharactersRoot, rootOnDisk } from "../../src/experiments/roots.js";
import { temporaryFolders } from "../support/temporary.js";
import { tinyRootContent, writeRoot } from "../support/tiny-root.js";

const newFolder = temporaryFolders();
const placesOf = (dir: string) => ({ folders: [dir], cache: dir });
const fixture = fileURLToPath(new URL("../oracle/fixtures/checkpoint-pre-linen.npz", import.meta.url));
const PUBLISHED = "Ti_16-i21k-300ep-lr_0.001-aug_light1-wd_0.1-do_0.0-sd_0.0.npz";
const made = (recipe: string) => ({ ...tinyRootContent(), provenance: { recipe } });

it("nothing is there before one is made, and no experiment but these has a published one", async () => {
  const places = placesOf(newFolder());
  expect(await rootOnDisk(CHARACTERS_ROOT, places)).toBeUndefined();
  expect(preliminary().rootWish).toBeUndefined();
  expect(await rootOnDisk(CHARACTERS_ROOT, placesOf("/nowhere"))).toBeUndefined();
});

it("a root that this recipe made is used as it is; one of another recipe, or renamed, is not", async () => {
  const dir = newFolder();
  writeRoot(dir, made("characters-0"), "characters-1-00000000.safetensors");
  writeRoot(dir, made(CHARACTERS_ROOT.recipe.recipe), "mine.safetensors");
  expect(await rootOnDisk(CHARACTERS_ROOT, placesOf(dir))).toBeUndefined();
  writeRoot(dir, made(CHARACTERS_ROOT.recipe.recipe), "characters-1-11111111.safetensors");
  const notes: string[] = [];
  const root = await ensureCharactersRoot({ places: placesOf(dir), onNote: (line) => notes.push(line) });
  expect(root).toMatchObject({ kind: "checkpoint", file: "characters-1-11111111.safetensors" });
  expect(notes).toEqual([]);
});

it("the paper's own file comes first, cut to three blocks", async () => {
  const dir = newFolder();
  writeRoot(dir, made(CHARACTERS_ROOT.recipe.recipe), "characters-1-11111111.safetensors");
  copyFileSync(fixture, join(dir, PUBLISHED));
  expect(await rootOnDisk(CHARACTERS_ROOT, placesOf(dir))).toMatchObject({ file: PUBLISHED, blocks: 3 });
});

it("µ2Net's large experiments look for its L/16, the decathlon for muNet's B/16, the preliminary for none", () => {
  for (const name of ["vit", "vtab-full", "vtab-1k"])
    expect(experimentOf(name, {}).rootWish?.file).toBe(
      "L_16-i21k-300ep-lr_0.001-aug_medium2-wd_0.03-do_0.1-sd_0.1.npz",
    );
  expect(experimentOf("decathlon", {}).rootWish?.file).toMatch(/^B_16-.*-aug_medium1-/);
  expect(experimentOf("preliminary", {}).rootWish?.file).toBeUndefined();
});

it("where one has to be made, a line says so first, with a forecast and what else would do", async () => {
  const stop = new AbortController();
  const notes: string[] = [];
  const work = ensureCharactersRoot({
    places: placesOf(newFolder()),
    signal: stop.signal,
    onNote: (line) => {
      notes.push(line);
      stop.abort(); // before anything is trained
    },
  });
  await expect(work).rejects.toThrow(/abort/i);
  expect(notes).toHaveLength(1);
  for (const word of ["glyphs/letters", "1500 steps", "minutes", PUBLISHED]) expect(notes[0]).toContain(word);
});
