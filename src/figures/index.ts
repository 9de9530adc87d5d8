// All figures by name, and how one is made and drawn.

import type { ChartSpec } from "../analysis/chart.js";
import { unknownName } from "../core/errors.js";
import type { Theme } from "../view/palette.js";
import { toSvg } from "../view/svg.js";
import type { Drawing, FigureDefinition } from "./drawing.js";
import { METHOD_FIGURES } from "./method-figures.js";
import { NETWORK_FIGURES } from "./network-figures.js";
import { RUN_FIGURES } from "./run-figures.js";
import { runOf, type Source, type SourceOptions } from "./source.js";

/** Every figure, those of grids first. */
export const FIGURES: readonly FigureDefinition[] = [...METHOD_FIGURES, ...NETWORK_FIGURES, ...RUN_FIGURES];

/** The figure called `name`. Throws figure/unknown. */
export function figureOf(name: string): FigureDefinition {
  const found = FIGURES.find((figure) => figure.name === name);
  if (!found)
    throw unknownName(
      "figure",
      name,
      FIGURES.map((figure) => figure.name),
    );
  return found;
}

/** The figure `name` of `source`, not yet drawn. Throws figure/unknown, figure/needs, variant/unknown. */
export function drawingOf(name: string, source: Source, options: SourceOptions = {}): Drawing {
  const definition = figureOf(name);
  if (definition.of === "run") runOf(source, name);
  return definition.draw(source, options);
}

export interface FigureOptions extends SourceOptions {
  readonly theme?: Theme;
}

/** A picture that notebooks show by itself. */
export interface ScenePicture {
  readonly svg: string;
  _repr_svg_(): string;
}

/**
 * A figure of a run or a grid: a Vega-Lite spec, to show as it is or to change first; "architecture", "flow" and "lineage"
 * are pictures. `mulab figure` lists the names. Throws figure/unknown, figure/needs, variant/unknown.
 */
export function figure(
  name: string,
  source: Source,
  { theme = "light", ...options }: FigureOptions = {},
): ChartSpec | ScenePicture {
  const drawing = drawingOf(name, source, options);
  if (drawing.kind === "chart") return drawing.spec(theme);
  const svg = toSvg(drawing.scene, { colors: theme, id: name });
  return { svg, _repr_svg_: () => svg };
}
