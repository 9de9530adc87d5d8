// What `mulab table` and `mulab figure` are given: the folder of a run or of a sweep, or the file of a stored grid.

import { stat } from "node:fs/promises";
import { usage } from "../core/errors.js";
import type { Source, SourceOptions } from "../figures/source.js";
import { readRun } from "../run-record.js";
import { isSweep, readSweep } from "../sweep/read.js";

/** The options of both commands as commander gives them. */
export interface SourceFlags {
  readonly variants?: string;
  readonly repetition?: number;
  readonly against?: string;
}

/** The run or grid at `path`. Throws as readRun and readSweep. */
export async function sourceAt(path: string | undefined, name: string): Promise<Source> {
  if (path === undefined)
    throw usage(`"${name}" of what? Name the folder of a run or a sweep, or the file of a stored grid.`);
  const found = await stat(path).catch(() => null);
  return found?.isFile() || (await isSweep(path)) ? readSweep(path) : readRun(path);
}

export const optionsOf = ({ variants, repetition, against }: SourceFlags): SourceOptions => ({
  ...(variants !== undefined && { variants: variants.split(",").map((name) => name.trim()) }),
  ...(repetition !== undefined && { repetition }),
  ...(against !== undefined && { against }),
});

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
    { grid: "sweep", run: "run", both: "sweep or run", nothing: "–" }[of] ?? of,
    paper,
    title,
  ]);
