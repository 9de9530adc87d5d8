// What a figure is before it is drawn: its rows, and either a Vega-Lite spec for each theme or a scene, whose colours the
// renderer knows.

import type { Rows, TableView } from "../format/table.js";
import { type ChartSpec, wordsSpec } from "./charts/chart.js";
import { chartLook, type Theme } from "./scenes/palette.js";
import type { Scene } from "./scenes/scene.js";
import type { Source, SourceOptions } from "./source.js";

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
  /** One line. */
  readonly title: string;
  /** Where the papers have it; empty where they don't. */
  readonly paper: string;
  /** What it can be made of. */
  readonly of: "grid" | "run" | "both";
  readonly draw: (source: Source, options: SourceOptions) => Drawing;
}

/** A chart of `rows`; in words where there are none, with `why`. */
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
  readonly title: string;
  /** Where the papers have it; empty where they don't. */
  readonly paper: string;
  readonly of: "grid" | "run" | "both" | "nothing";
  readonly make: (source: Source, options: SourceOptions) => TableView;
}
