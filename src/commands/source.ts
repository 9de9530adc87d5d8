// The source that `mulab table` and `mulab figure` read: the folder of a run or of a sweep, or the file of a stored sweep.

import { unknownName, usage } from "../core/errors/index.js";
import { variantName } from "../core/variant.js";
import { isFile } from "../disk/listing.js";
import { pointsOf, type Source, type SourceOptions } from "../figures/source.js";
import { readRun } from "../run/record.js";
import { isSweep, readSweep } from "../sweep/read.js";

/** The options of both commands as commander parses them. */
export interface SourceFlags {
  readonly variants?: string;
  readonly repetition?: number;
  readonly against?: string;
}

/** The run or sweep at `path`. Throws as readRun and readSweep. */
export async function sourceAt(path: string | undefined, name: string): Promise<Source> {
  if (path === undefined)
    throw usage(
      `${name} needs a source: name the folder of a run or a sweep, or the file of a stored sweep.`,
    );
  return (await isFile(path)) || (await isSweep(path)) ? readSweep(path) : readRun(path);
}

/** The options, checked against `source`, because a figure that does not use an option would not notice a misspelt name. Throws variant/unknown, repetition/unknown. */
export function optionsOf({ variants, repetition, against }: SourceFlags, source: Source): SourceOptions {
  const options = {
    ...(variants !== undefined && { variants: variants.split(",").map((name) => name.trim()) }),
    ...(repetition !== undefined && { repetition }),
    ...(against !== undefined && { against }),
  };
  const named = [...(options.variants ?? []), ...(against === undefined ? [] : [against])];
  if (named.length === 0 && repetition === undefined) return options;
  const points = pointsOf(source);
  const refuse = (what: string, names: readonly string[], known: readonly string[]) => {
    for (const name of names)
      if (known.length > 0 && !known.includes(name)) throw unknownName(what, name, known, "here");
  };
  refuse("variant", named, [...new Set(points.map(({ variant }) => variantName(variant)))]);
  if (repetition !== undefined)
    refuse("repetition", [String(repetition)], [...new Set(points.map((point) => String(point.repetition)))]);
  return options;
}

/** The list of tables or figures, one line each. */
export const listing = (
  all: readonly {
    readonly name: string;
    readonly title: string;
    readonly paper: string;
    readonly of: string;
  }[],
): string[][] =>
  all.map(({ name, title, paper, of }) => [
    name,
    { sweep: "sweep", run: "run", both: "sweep or run", nothing: "–" }[of] ?? of,
    paper,
    title,
  ]);
