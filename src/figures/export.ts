// A figure as a file: SVG and PNG to look at, the Vega-Lite spec (or the scene) as JSON, its rows as CSV, or one HTML page
// that follows the reader's theme.

import { valueNotValid } from "../core/errors.js";
import { toCsv } from "../format/csv.js";
import { chartSvg } from "./chart-svg.js";
import type { Drawing, Rows } from "./drawing.js";
import { flatRows } from "./flat.js";
import { colorOf, type Theme } from "./scenes/palette.js";
import { escapeXml, toSvg } from "./scenes/svg.js";

export const FORMATS = ["svg", "png", "csv", "json", "html"] as const;
export type Format = (typeof FORMATS)[number];

/** The format that a file's name ends in. Throws options/not-valid. */
export function formatOf(file: string): Format {
  const ending = file.slice(file.lastIndexOf(".") + 1).toLowerCase();
  const found = FORMATS.find((format) => format === ending);
  if (!found)
    throw valueNotValid("--out", file, `a file that ends in ${FORMATS.map((f) => `.${f}`).join(", ")}`);
  return found;
}

/** `drawing` as SVG, with the theme's ground under it. */
export async function svgOf(drawing: Drawing, theme: Theme): Promise<string> {
  if (drawing.kind === "scene") return toSvg(drawing.scene, { colors: theme });
  return chartSvg(
    { ...drawing.spec(theme), background: colorOf("surface", theme), padding: 12 },
    `chart-${theme}`,
  );
}

/** Pixels of a PNG for one of the SVG. */
const DENSITY = 2;

/** The bytes of a file of `format`. */
export async function fileOf(
  drawing: Drawing,
  format: Format,
  theme: Theme,
  title: string,
): Promise<string | Uint8Array> {
  switch (format) {
    case "svg":
      return svgOf(drawing, theme);
    case "png":
      return pngOf(await svgOf(drawing, theme));
    case "csv":
      return csvOf(drawing.rows);
    case "json":
      return `${JSON.stringify(drawing.kind === "chart" ? drawing.spec(theme) : drawing.scene, null, 2)}\n`;
    case "html":
      return page(title, await svgOf(drawing, "light"), await svgOf(drawing, "dark"));
  }
}

async function pngOf(svg: string): Promise<Uint8Array> {
  const { default: sharp } = await import("sharp");
  return sharp(Buffer.from(svg), { density: 72 * DENSITY })
    .png()
    .toBuffer();
}

/** Rows as CSV, flat. */
export const csvOf = (rows: Rows): string => (rows.length === 0 ? "" : toCsv(flatRows(rows), "\n"));

const page = (title: string, light: string, dark: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>body{margin:24px;background:${colorOf("surface", "light")}}svg{max-width:100%;height:auto}.dark{display:none}@media (prefers-color-scheme:dark){body{background:${colorOf("surface", "dark")}}.dark{display:block}.light{display:none}}</style>
</head>
<body>
<div class="light">${light}</div>
<div class="dark">${dark}</div>
</body>
</html>
`;
