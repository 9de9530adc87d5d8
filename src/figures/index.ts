// All figures by name; makes and draws them.

import { FIGURES } from "./charts/index.js";
import { byName, type Drawing, type FigureDefinition } from "./drawing.js";
import { pngOf } from "./png.js";
import { colorOf, type Theme } from "./scenes/palette.js";
import { toSvg } from "./scenes/svg.js";
import { runOf, type Source, type SourceOptions } from "./source.js";
import type { ChartSpec } from "./vega/chart.js";

export { FIGURES } from "./charts/index.js";

/** The figure called `name`. Throws figure/unknown. */
export const figureOf = (name: string): FigureDefinition => byName("figure", FIGURES, name);

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
/** Largest PNG, in bytes, that is stored beside the SVG; a notebook must stay small. */
const MOST_PNG_BYTES = 300_000;

/** A picture that notebooks show by itself: SVG, PNG for viewers that strip SVG (GitHub), and its title as text. */
export interface ScenePicture {
  readonly svg: string;
  [DISPLAY](): Promise<Readonly<Record<string, string>>>;
}

/** A figure of a run or a sweep: a Vega-Lite spec, to show as it is or change first; "architecture", "flow" and "lineage"
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
