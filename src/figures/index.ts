// All figures by name, and how one is made and drawn.

import { unknownName } from "../core/errors.js";
import type { ChartSpec } from "./charts/chart.js";
import type { Drawing, FigureDefinition } from "./drawing.js";
import { METHOD_FIGURES } from "./method-figures.js";
import { NETWORK_FIGURES } from "./network-figures.js";
import { pngOf } from "./png.js";
import { RUN_FIGURES } from "./run-figures.js";
import { colorOf, type Theme } from "./scenes/palette.js";
import { toSvg } from "./scenes/svg.js";
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

const DISPLAY = Symbol.for("Jupyter.display");
/** Bytes of a PNG that is still stored beside the SVG; a notebook must stay small. */
const MOST_PNG_BYTES = 300_000;

/** A picture that notebooks show by itself: SVG, PNG for those who strip SVG (GitHub), and its title as text. */
export interface ScenePicture {
  readonly svg: string;
  [DISPLAY](): Promise<Readonly<Record<string, string>>>;
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
  const { title } = figureOf(name);
  const svg = toSvg(drawing.scene, { colors: theme, id: name });
  return {
    svg,
    async [DISPLAY]() {
      const png = await pngOf(svg, MOST_PNG_BYTES, colorOf("surface", theme));
      return {
        "text/plain": `Figure: ${title}`,
        "image/svg+xml": svg,
        ...(png !== undefined && { "image/png": png }),
      };
    },
  };
}
