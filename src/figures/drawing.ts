// A figure before it is drawn: its rows, and either a Vega-Lite spec per theme or a scene, which the renderer colours.

import { unknownName } from "../core/errors/index.js";
import type { Rows, TableView } from "../format/table.js";
import { chartLook, type Theme } from "./scenes/palette.js";
import type { Scene } from "./scenes/scene.js";
import type { Source, SourceOptions } from "./source.js";
import { type ChartSpec, wordsSpec } from "./vega/chart.js";

export interface Chart {
  readonly kind: "chart";
  readonly rows: Rows;
  readonly spec: (theme: Theme) => ChartSpec;
}

export interface Picture {
  readonly kind: "scene";
  readonly rows: Rows;
  readonly scene: Scene;
}

export type Drawing = Chart | Picture;

/** A figure by name. */
export interface FigureDefinition {
  readonly name: string;
  /** The name that it had in earlier versions, under which it is still found. */
  readonly formerly?: string;
  /** One line. */
  readonly title: string;
  /** Where the papers show it; empty if they don't. */
  readonly paper: string;
  /** What it can be made of. */
  readonly of: "sweep" | "run" | "both";
  readonly draw: (source: Source, options: SourceOptions) => Drawing;
}

/** A chart of `rows`; without rows, the text `why`. */
export const chart = (
  rows: Rows,
  spec: (theme: Theme) => ChartSpec,
  why = "There is nothing to show yet.",
): Chart => ({
  kind: "chart",
  rows,
  spec: rows.length > 0 ? spec : (theme) => wordsSpec(why, chartLook([], theme)),
});

/** A table by name. */
export interface TableDefinition {
  readonly name: string;
  /** The name that it had in earlier versions, under which it is still found. */
  readonly formerly?: string;
  readonly title: string;
  /** Where the papers show it; empty if they don't. */
  readonly paper: string;
  readonly of: "sweep" | "run" | "both" | "nothing";
  readonly make: (source: Source, options: SourceOptions) => TableView;
}

/** The one of `all` that is or was called `name`. Throws figure/unknown, table/unknown. */
export function byName<T extends FigureDefinition | TableDefinition>(
  kind: "figure" | "table",
  all: readonly T[],
  name: string,
): T {
  const found = all.find((one) => one.name === name || one.formerly === name);
  if (!found)
    throw unknownName(
      kind,
      name,
      all.map((one) => one.name),
    );
  return found;
}
