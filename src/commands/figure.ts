// `mulab figure`: writes a figure of a run or a sweep to a file.

import { replaceFile } from "../disk/replace.js";
import { figureKind, fileOf, formatOf } from "../figures/export.js";
import { drawingOf, FIGURES, figureOf } from "../figures/index.js";
import type { Theme } from "../figures/scenes/palette.js";
import { said } from "../format/plain.js";
import { textTable } from "../format/terminal-table.js";
import { widthOf } from "./output.js";
import { listing, optionsOf, type SourceFlags, sourceAt } from "./source.js";

interface FigureFlags extends SourceFlags {
  readonly out?: string;
  readonly theme: Theme;
}

export async function figureCommand(
  name: string | undefined,
  path: string | undefined,
  { out, theme, ...flags }: FigureFlags,
): Promise<void> {
  if (name === undefined) {
    process.stdout.write(
      `${textTable(["figure", "of", "in the papers", "what it shows"], listing(FIGURES), undefined, widthOf(process.stdout))}\n`,
    );
    return;
  }
  const { title } = figureOf(name);
  const file = out ?? `${name}.svg`;
  const format = formatOf(file);
  const source = await sourceAt(path, name, flags);
  const drawing = drawingOf(name, source, optionsOf(flags, source));
  const content = await fileOf(drawing, format, theme, title);
  await replaceFile(file, content, figureKind(format, content));
  process.stdout.write(said`${file}\n`);
}
