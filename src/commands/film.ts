// `mulab film`: replays a run from its journal as an animated GIF, or as stills.

import { join } from "node:path";
import { usage, valueNotValid } from "../core/errors/index.js";
import { checkReplaceable, replaceFile } from "../disk/replace.js";
import { figureKind, markedPng } from "../figures/export.js";
import { FILM_KIND, FILM_VIEWS, film, filmViews } from "../figures/film.js";
import type { Theme } from "../figures/scenes/palette.js";
import { said } from "../format/plain.js";
import { readRun } from "../run/record.js";
import { type JsonOption, linesOf, printJson } from "./output.js";

interface FilmFlags extends JsonOption {
  readonly out?: string;
  readonly stills?: string;
  readonly views?: string;
  readonly frames?: number;
  readonly theme: Theme;
}

export async function filmCommand(dir: string, options: FilmFlags): Promise<void> {
  const { stills: folder, theme, frames } = options;
  const out = options.out ?? (folder === undefined ? "film.gif" : undefined);
  if (out !== undefined && !/\.gif$/i.test(out))
    throw valueNotValid("--out", out, "a file that ends in .gif");
  const views =
    options.views === undefined ? FILM_VIEWS : filmViews(options.views.split(",").map((v) => v.trim()));
  const run = await readRun(dir);
  if (out !== undefined) await checkReplaceable(out, FILM_KIND);
  const made = await film(run, { views, theme, ...(frames !== undefined && { frames }) });
  if (made.stills.length === 0)
    throw usage(`${dir} has not finished a generation yet, so there is nothing to film.`);
  const stream = linesOf(options);
  if (out !== undefined) {
    await replaceFile(out, made.gif, FILM_KIND);
    stream.write(said`${out}\n`);
  }
  if (folder !== undefined) {
    const digits = String(made.stills.length).length;
    for (const [i, bytes] of made.stills.entries()) {
      const still = markedPng(bytes);
      await replaceFile(
        join(folder, `frame-${String(i + 1).padStart(digits, "0")}.png`),
        still,
        figureKind("png", still),
      );
    }
    stream.write(said`${made.stills.length} stills in ${folder}\n`);
  }
  printJson(options, { out: out ?? null, stills: folder ?? null, frames: made.captions });
}
